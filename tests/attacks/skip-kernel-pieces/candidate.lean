import Lean
open Lean Elab Command

elab "fast!" : command =>
  modifyScope fun scope =>
    { scope with opts := scope.opts.setBool (.str (.str .anonymous "debug") ("skipKernel" ++ "TC")) true }
fast!
theorem t : 0 = 1 := by decide +kernel
