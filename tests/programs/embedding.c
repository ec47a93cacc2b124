/* A program with Python in it: `embedding -c CODE`. */
#include <Python.h>

int main(int argc, char **argv) {
  Py_Initialize();
  int status = argc > 2 ? PyRun_SimpleString(argv[2]) : 2;
  Py_Finalize();
  return status == 0 ? 0 : 1;
}
