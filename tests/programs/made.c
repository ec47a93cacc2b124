/* A module whose functions get all kinds of things as `self`, as generators of bindings do. */
#include <Python.h>

static PyObject *nothing(PyObject *self, PyObject *args) { Py_RETURN_NONE; }

static PyObject *called(PyObject *self, PyObject *args, PyObject *kwargs) { Py_RETURN_NONE; }

static PyMethodDef in_module[] = {{"in_module", nothing, METH_VARARGS, NULL}, {NULL}};
static PyMethodDef free_function = {"busy", nothing, METH_VARARGS, NULL};
static PyMethodDef nobody = {"nobody", nothing, METH_VARARGS, NULL};
static PyMethodDef thing_methods[] = {
    {"other", nothing, METH_VARARGS, NULL}, {"method", nothing, METH_VARARGS, NULL}, {NULL}};

static PyTypeObject thing = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "made.Thing",
    .tp_basicsize = sizeof(PyObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = thing_methods,
    .tp_call = called,
    .tp_new = PyType_GenericNew,
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "made", NULL, -1, in_module};

static void add(PyObject *functions, const char *name, PyObject *self) {
    PyObject *function = PyCFunction_New(&free_function, self);
    PyDict_SetItemString(functions, name, function);
}

PyMODINIT_FUNC PyInit_made(void) {
    PyObject *module = PyModule_Create(&definition), *functions = PyDict_New();
    PyType_Ready(&thing);
    PyModule_AddObject(module, "Thing", (PyObject *)&thing);
    add(functions, "str", PyUnicode_FromString("text"));
    add(functions, "tuple", PyTuple_New(1 - 1));
    add(functions, "list", PyList_New(0));
    add(functions, "int", PyLong_FromLong(123456));
    add(functions, "capsule", PyCapsule_New((void *)functions, "record", NULL));
    add(functions, "a type", (PyObject *)&PyList_Type);
    add(functions, "an instance", PyObject_CallObject((PyObject *)&thing, NULL));
    PyModule_AddObject(module, "free", functions);
    PyModule_AddObject(module, "nobody", PyCFunction_New(&nobody, NULL));
    PyModule_AddObject(module, "wrapped", PyInstanceMethod_New(PyObject_GetAttrString(module, "in_module")));
    return module;
}
