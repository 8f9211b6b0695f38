import Lean
open Lean

/-! Reading requests and writing answers as JSON text.

Wire types are mirrored in `verify/lean/protocol.py`. The helpers here are small on purpose: in the
embedded runtime only the exported part of the library is loaded, so functions whose compiled variants
are private (`List.reverse`, `String.intercalate`, `Json.mkObj`, …) cannot be called from interpreted
code. `tests/verify/lean` runs these files in that runtime; a native build would hide such a failure. -/

namespace MathLM

def quote (s : String) : String := Json.compress (Json.str s)

def joinWith (separator : String) : List String → String
  | [] => ""
  | [s] => s
  | s :: rest => s ++ separator ++ joinWith separator rest

def jsonArray (items : List String) : String := "[" ++ joinWith "," items ++ "]"

def jsonFields : List (String × String) → List String
  | [] => []
  | (key, value) :: rest => (quote key ++ ":" ++ value) :: jsonFields rest

def jsonObject (fields : List (String × String)) : String := "{" ++ joinWith "," (jsonFields fields) ++ "}"

def jsonBool (b : Bool) : String := if b then "true" else "false"

def field? (j : Json) (key : String) : Option Json :=
  match j.getObjVal? key with
  | .ok value => some value
  | .error _ => none

def stringField? (j : Json) (key : String) : Option String :=
  match field? j key with
  | some (.str s) => some s
  | _ => none

def natField (j : Json) (key : String) (default : Nat) : Nat :=
  match field? j key with
  | some value => match value.getNat? with
    | .ok n => n
    | .error _ => default
  | none => default

def mapList (f : α → β) : List α → List β
  | [] => []
  | a :: rest => f a :: mapList f rest

def prepend : List α → List α → List α
  | [], onto => onto
  | a :: rest, onto => prepend rest (a :: onto)

def append (a b : List α) : List α := prepend (prepend a []) b

/-- The items of an array, first to last. -/
def arrayItems (items : Array α) : List α :=
  let rec go (i : Nat) (acc : List α) : List α :=
    match i with
    | 0 => acc
    | i + 1 => match items[i]? with
      | some a => go i (a :: acc)
      | none => go i acc
  go items.size []

partial def persistentNodeItems : PersistentArrayNode α → List α → List α
  | .leaf items, acc => append (arrayItems items) acc
  | .node children, acc => go (prepend (arrayItems children) []) acc
where
  go : List (PersistentArrayNode α) → List α → List α
    | [], acc => acc
    | child :: rest, acc => go rest (persistentNodeItems child acc)

/-- The items of a persistent array, first to last. -/
def persistentItems (items : PersistentArray α) : List α :=
  persistentNodeItems items.root (arrayItems items.tail)

end MathLM
