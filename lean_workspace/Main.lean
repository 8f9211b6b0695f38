import MathLM.Host
open Lean

/-! `mathlm-lean worker|judge SYSROOT PATH [mathlib]`: a native worker or judge.

SYSROOT is the toolchain's folder (`lean --print-prefix`, which this process may not run), PATH more folders of
compiled modules, with `:` between them. Requests come on standard input, answers go to descriptor 3; whatever a
candidate prints goes to standard output, which the parent keeps only as evidence. Started confined
(`verify/confine`), since native Lean could otherwise read files, start programs and use the network. -/

public unsafe def main (args : List String) : IO UInt32 := do
  match args with
  | mode :: sysroot :: path :: rest =>
    if mode != "worker" && mode != "judge" then usage
    else
      -- the library's own `initialize` declarations, which importing with extensions runs
      enableInitializersExecution
      initSearchPath sysroot (folders (path.splitOn ":"))
      let answers ← IO.FS.Handle.mk "/dev/fd/3" .write
      MathLM.host (mode == "judge") (hasMathlib rest) (← IO.getStdin) answers
      return 0
  | _ => usage
where
  usage : IO UInt32 := do
    IO.eprintln "usage: mathlm-lean worker|judge SYSROOT PATH [mathlib]; `mathlm check --runtime native` runs it"
    return 2
  folders : List String → List System.FilePath
    | [] => []
    | folder :: rest => if folder.isEmpty then folders rest else folder :: folders rest
  hasMathlib : List String → Bool
    | [] => false
    | word :: rest => word == "mathlib" || hasMathlib rest
