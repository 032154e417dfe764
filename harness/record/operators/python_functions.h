// SPDX-License-Identifier: Apache-2.0
#pragma once
// What reprise calls of Python's C library. Declared here, since the recorder is compiled where Python's
// headers are not; their addresses come from the very Python that runs (ctypes.pythonapi). All of them are
// part of its stable interface, and none runs any of the script's code.
#include <cstddef>

namespace reprise {

// In the order in which recorder/observe/lines.py hands them over. Objects are opaque.
struct PythonFunctions {
  void* (*thread_state)();                                         // PyGILState_GetThisThreadState
  int (*acquire)();                                                // PyGILState_Ensure
  void (*release)(int state);                                      // PyGILState_Release
  void* (*frame)();                                                // PyEval_GetFrame, borrowed
  void* (*frame_back)(void* frame);                                // PyFrame_GetBack
  void* (*frame_code)(void* frame);                                // PyFrame_GetCode
  void* (*attribute)(void* object, const char* name);              // PyObject_GetAttrString
  void* (*item)(void* mapping, const char* key);                   // PyMapping_GetItemString
  long (*number)(void* object);                                    // PyLong_AsLong
  void* (*encoded)(void* text, const char* how, const char* bad);  // PyUnicode_AsEncodedString
  char* (*bytes)(void* object);                                    // PyBytes_AsString
  void* (*weak)(void* object, void* callback);                     // PyWeakref_NewRef
  void (*keep)(void* object);                                      // Py_IncRef
  void (*drop)(void* object);                                      // Py_DecRef
  void* (*error)();                                                // PyErr_Occurred
  void (*forget_error)();                                          // PyErr_Clear
};
inline constexpr std::size_t python_functions = 16;
static_assert(sizeof(PythonFunctions) == python_functions * sizeof(void*));

}  // namespace reprise
