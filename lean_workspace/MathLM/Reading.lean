import MathLM.Wire
open Lean

/-! Reading text strictly, byte by byte: the parts that a line of exported text is made of. Each understands exactly
one way of writing what it reads, that of JavaScript's `JSON.stringify`. -/

namespace MathLM

def maxDigits : Nat := 100000

/-- Reads something of the text from a place on: none if it is not there, else the place behind it. -/
def Reading (α : Type) := ByteArray → Nat → Option (α × Nat)

instance : Monad Reading where
  pure a := fun _ at_ => some (a, at_)
  bind r next := fun text at_ => match r text at_ with
    | some (a, behind) => next a text behind
    | none => none

namespace Reading

def byteAt (text : ByteArray) (i : Nat) : UInt8 := if i < text.size then text.get! i else 10

def refuse : Reading α := fun _ _ => none

def byte : Reading UInt8 := fun text at_ => if at_ < text.size then some (text.get! at_, at_ + 1) else none

def literal (s : String) : Reading Unit := fun text at_ => go s.toUTF8 text at_ 0 s.toUTF8.size
where
  go (wanted text : ByteArray) (at_ i : Nat) : Nat → Option (Unit × Nat)
    | 0 => some ((), at_ + i)
    | left + 1 => if byteAt text (at_ + i) == wanted.get! i then go wanted text at_ (i + 1) left else none

/-- The first of them that is there. -/
def either (a b : Reading α) : Reading α := fun text at_ =>
  match a text at_ with
  | some found => some found
  | none => b text at_

def isDigit (b : UInt8) : Bool := 48 ≤ b && b ≤ 57

partial def digitsEnd (text : ByteArray) (i : Nat) : Nat := if isDigit (byteAt text i) then digitsEnd text (i + 1) else i

/-- The number that digits write, in pieces, since a long number is not to be multiplied for each digit. -/
partial def value (text : ByteArray) (i stop : Nat) (acc : Nat) : Nat :=
  if i ≥ stop then acc else
  let piece := min 18 (stop - i)
  value text (i + piece) stop (acc * 10 ^ piece + small i piece 0)
where
  small (i : Nat) : Nat → Nat → Nat
    | 0, acc => acc
    | left + 1, acc => small (i + 1) left (acc * 10 + (byteAt text i).toNat - 48)

/-- A number without leading zeros, of at most `longest` digits. -/
def number (longest : Nat) : Reading Nat := fun text at_ =>
  let stop := digitsEnd text at_
  if stop == at_ || stop - at_ > longest || (stop - at_ > 1 && byteAt text at_ == 48) then none
  else some (value text at_ stop 0, stop)

/-- An index. -/
def index : Reading Nat := number 9

def hexDigit (b : UInt8) : Option Nat :=
  if isDigit b then some (b.toNat - 48) else if 97 ≤ b && b ≤ 102 then some (b.toNat - 87) else none

/-- What stands behind a backslash; only the shortest way of writing a character is understood. -/
def escaped : Reading UInt8 := do
  match ← byte with
  | 34 => return 34
  | 92 => return 92
  | 98 => return 8
  | 102 => return 12
  | 110 => return 10
  | 114 => return 13
  | 116 => return 9
  | 117 =>
    literal "00"
    match hexDigit (← byte), hexDigit (← byte) with
    | some high, some low =>
      let code := 16 * high + low
      if code ≥ 32 || code == 8 || code == 9 || code == 10 || code == 12 || code == 13 then refuse
      else return code.toUInt8
    | _, _ => refuse
  | _ => refuse

partial def characters (acc : ByteArray) : Reading ByteArray := do
  match ← byte with
  | 34 => return acc
  | 92 => characters (acc.push (← escaped))
  | b => if b < 32 then refuse else characters (acc.push b)

def string : Reading String := do
  literal "\""
  match String.fromUTF8? (← characters ByteArray.empty) with
  | some s => return s
  | none => refuse

/-- Items between brackets, with commas. -/
partial def list (item : Reading α) : Reading (List α) := do
  literal "["
  either (do literal "]"; return []) (items item)
where
  items (item : Reading α) : Reading (List α) := do
    let first ← item
    either (do literal "]"; return [first]) (do literal ","; return first :: (← items item))

def boolean : Reading Bool :=
  either (do literal "true"; return true) (do literal "false"; return false)

def choice : List (Reading α) → Reading α
  | [] => refuse
  | r :: rest => either r (choice rest)

def field (key : String) (what : Reading α) : Reading α := do
  literal ("\"" ++ key ++ "\":")
  what

def next (key : String) (what : Reading α) : Reading α := do
  literal (",\"" ++ key ++ "\":")
  what

def nexts : List (String × Reading Unit) → Reading Unit
  | [] => pure ()
  | (key, what) :: rest => do
    next key what
    nexts rest

def ignored (r : Reading α) : Reading Unit := do
  let _ ← r

def flag : Reading Unit := ignored boolean

def guardThat (holds : Bool) : Reading Unit := if holds then pure () else refuse

def words (options : List String) : Reading Unit := choice (mapList (fun w => literal ("\"" ++ w ++ "\"")) options)

end Reading

end MathLM
