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
foreach(_header IN ITEMS fmt/format.h nlohmann/json.hpp toml++/toml.h openssl/evp.h openssl/configuration.h)
  unset(_folder)
  find_path(_folder "${_header}" HINTS "${OPENSSL_INCLUDE_DIR}" NO_CACHE REQUIRED)
  cmake_path(GET _header PARENT_PATH _name)
  install(DIRECTORY "${_folder}/${_name}" DESTINATION "${_include}")
endforeach()
install(DIRECTORY "${HDF5_INCLUDE}/" DESTINATION "${_include}" FILES_MATCHING PATTERN "H5*.h" PATTERN "hdf5.h")
install(FILES "${XXHASH_INCLUDE}/xxhash.h" "${UTF8PROC_INCLUDE}/utf8proc.h" DESTINATION "${_include}")

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
