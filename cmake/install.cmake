# SPDX-License-Identifier: Apache-2.0
# What an installed program has beside itself, wherever it lies: the kit of the recorder (cmake/recorder.cmake), the sources
# that recorders and workers are built from, and the pages. And the Debian package of the program without LibTorch.
set(_source "${CMAKE_INSTALL_DATADIR}/reprise/source")
install(DIRECTORY cmake harness probes recipes reports DESTINATION "${_source}" PATTERN __pycache__ EXCLUDE)
install(FILES CMakeLists.txt LICENSE DESTINATION "${_source}")
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/reprise" FILES_MATCHING PATTERN "*.md" PATTERN "examples" EXCLUDE)
install(FILES README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/reprise")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/reprise" RENAME copyright)

# The headers of other libraries that a recorder is compiled with, in the versions that our archives were.
set(_include "${REPRISE_INSTALLED_KIT}/include")
get_target_property(_fmt fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
get_target_property(_json nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
get_target_property(_toml tomlplusplus::tomlplusplus INTERFACE_INCLUDE_DIRECTORIES)
find_path(_openssl openssl/evp.h HINTS ${OPENSSL_INCLUDE_DIR} REQUIRED)
find_path(_openssl_made openssl/configuration.h HINTS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}" REQUIRED)
foreach(_headers IN ITEMS "${_fmt}/fmt" "${_json}/nlohmann" "${_toml}/toml++" "${_openssl}/openssl" "${_openssl_made}/openssl")
  if(IS_DIRECTORY "${_headers}")
    install(DIRECTORY "${_headers}" DESTINATION "${_include}")
  endif()
endforeach()
install(DIRECTORY "${HDF5_INCLUDE}/" DESTINATION "${_include}" FILES_MATCHING PATTERN "H5*.h" PATTERN "hdf5.h")
install(FILES "${XXHASH_INCLUDE}/xxhash.h" "${UTF8PROC_INCLUDE}/utf8proc.h" DESTINATION "${_include}")

# The digest on GPUs, which needs the CUDA run-time library of a torch: not in the Debian package.
if(REPRISE_HAS_CUDA)
  install(TARGETS reprise_cuda LIBRARY DESTINATION lib COMPONENT gpu)
endif()

if(REPRISE_TORCH)
  return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME reprise)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "The authors of reprise <reprise@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "says how reproducible the training of a machine learning model is")
set(CPACK_PACKAGE_DESCRIPTION
"reprise runs a training again under chosen seeds, threads and instruction
sets, or somebody's Python script as it is, and compares every step: which
runs agree bit for bit, where the others part, and whether that matters.
Runs of other machines are compared and reported too.
.
To watch a script it needs a C++ compiler, and PyTorch 2.6 or newer in the
script's own environment. /usr/share/doc/reprise/docs/install.md says more.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "g++")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};reprise;Unspecified;/")
include(CPack)
