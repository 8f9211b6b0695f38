"""Running programs and comparing answers in a sandbox: CPython in WebAssembly (Pyodide) under Node."""
