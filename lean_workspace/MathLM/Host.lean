import MathLM.Repl
import MathLM.Export
import MathLM.Import
open Lean

/-! The host of a native worker or judge: what `verify/lean/thaw.cjs`, `host.cjs` and `judge.cjs` are to the
embedded runtime. One JSON request a line comes in, one JSON answer a line goes out, after the hello. The code of a
candidate may take over a worker's process, so whatever comes out of it is only a claim; a judge never runs any. -/

namespace MathLM

/-- Constants as text, under the names that the embedded host gives them. -/
unsafe def writeConstants : List (String × List ConstantInfo) → IO (List (String × String))
  | [] => return []
  | (key, constants) :: rest => do
    try
      let text := quote (← exportText constants)
      return (if key == "addresses" then "export" else key, text) :: (← writeConstants rest)
    catch e => return [("export_error", quote (toString e))]

/-- `{"op":"judge","export":TEXT,…}`: the text is read strictly, the rest goes to `Server.judgeClaims`. -/
unsafe def Server.judgeText (server : Server) (request : Json) : IO String := do
  match importText ((stringField? request "export").getD "") with
  | .error (.malformed why) => return jsonObject [("malformed", quote why)]
  | .error (.tooLarge why) => return jsonObject [("exhausted", quote why)]
  | .ok (tables, declarations) => server.judgeClaims request declarations tables

unsafe def Server.hostAnswer (server : Server) (judges : Bool) (request : Json) : IO String := do
  try
    if judges && stringField? request "op" == some "judge" then server.judgeText request else server.answer request
  catch e => return jsonObject [("error", quote (toString e))]

/-- `answer`, an object, with more fields at its end. -/
def withFields (answer : String) (fields : List (String × String)) : String :=
  (answer.dropEnd 1).toString ++ "," ++ joinWith "," (jsonFields fields) ++ "}"

def send (answers : IO.FS.Handle) (line : String) : IO Unit := do
  answers.putStr (line ++ "\n")
  answers.flush

/-- Whether the process may not answer another request is asked first. Code of a candidate that opens the channel of
answers itself could say otherwise, so the parent replaces a native worker after each request anyway. -/
unsafe def Server.serve (server : Server) (judges : Bool) (requests : IO.FS.Stream) (answers : IO.FS.Handle) :
    IO Unit := do
  let line ← requests.getLine
  if line.isEmpty then return () -- the parent is gone
  let asked ← IO.monoNanosNow
  match Json.parse line with
  | .error e => send answers (jsonObject [("error", quote e)])
  | .ok request =>
    let recycle := (← server.traces request) != jsonObject [("recycle", "false")]
    let answer ← server.hostAnswer judges request
    let microseconds := ((← IO.monoNanosNow) - asked) / 1000
    let thousandths := toString (1000 + microseconds % 1000)
    let took := toString (microseconds / 1000) ++ "." ++ (thousandths.drop 1).toString
    send answers (withFields answer (("ms", took) :: (if recycle then [("recycle", "true")] else [])))
  server.serve judges requests answers

/-- Serves until the parent is gone. -/
unsafe def host (judges hasMathlib : Bool) (requests : IO.FS.Stream) (answers : IO.FS.Handle) : IO Unit := do
  let server ← newServer writeConstants (fun _ => return none) hasMathlib
  send answers (jsonObject [("ready", "true"), ("version", quote Lean.versionString)])
  server.serve judges requests answers

end MathLM
