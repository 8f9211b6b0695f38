import MathLM.Wire
open Lean

/-! What has been written already: a table from objects to their places, looked up by address and by text.

Trees on the bits of hashes and not the library's maps, whose functions interpreted code cannot call (see `Wire`). -/

namespace MathLM

/-- What is known by a key whose hash is given: a tree on the bits of the hash. -/
inductive Bits (α β : Type) where
  | empty
  | leaf (hash : UInt64) (entries : List (α × β))
  | node (zero one : Bits α β)

instance : Inhabited (Bits α β) := ⟨.empty⟩

namespace Bits

def lookup (same : α → α → Bool) (key : α) : List (α × β) → Option β
  | [] => none
  | (k, value) :: rest => if same k key then some value else lookup same key rest

def find? (same : α → α → Bool) (key : α) (full bits : UInt64) : Bits α β → Option β
  | .empty => none
  | .leaf hash entries => if hash == full then lookup same key entries else none
  | .node zero one =>
    if bits &&& 1 == 0 then zero.find? same key full (bits >>> 1) else one.find? same key full (bits >>> 1)

/-- Two leaves with different hashes, told apart by the first bit in which these differ. -/
partial def split (a b : UInt64) (as bs : List (α × β)) (depth : UInt64) : Bits α β :=
  let aOne := (a >>> depth) &&& 1 == 1
  let bOne := (b >>> depth) &&& 1 == 1
  match aOne, bOne with
  | false, true => .node (.leaf a as) (.leaf b bs)
  | true, false => .node (.leaf b bs) (.leaf a as)
  | false, false => .node (split a b as bs (depth + 1)) .empty
  | true, true => .node .empty (split a b as bs (depth + 1))

/-- A key that is there already gets the new value. -/
def insert (key : α) (value : β) (full bits depth : UInt64) : Bits α β → Bits α β
  | .empty => .leaf full [(key, value)]
  | .leaf hash entries =>
    if hash == full then .leaf hash ((key, value) :: entries) else split hash full entries [(key, value)] depth
  | .node zero one =>
    if bits &&& 1 == 0 then .node (zero.insert key value full (bits >>> 1) (depth + 1)) one
    else .node zero (one.insert key value full (bits >>> 1) (depth + 1))

end Bits

/-- What has been written of one kind: names, levels or expressions. -/
structure Written where
  byAddress : Bits USize Nat := .empty
  byText : Bits String Nat := .empty
  next : Nat

def sameAddress (a b : USize) : Bool := a == b

def sameText (a b : String) : Bool := a == b

def addressHash (a : USize) : UInt64 := hash (a.toUInt64 >>> 3)

def Written.at? (w : Written) (address : USize) : Option Nat :=
  w.byAddress.find? sameAddress address (addressHash address) (addressHash address)

def Written.know (w : Written) (address : USize) (place : Nat) : Written :=
  { w with byAddress := w.byAddress.insert address place (addressHash address) (addressHash address) 0 }

def sameNumber (a b : Nat) : Bool := a == b

def numberHash (n : Nat) : UInt64 := hash n

/-- Tables by number. -/
abbrev ByNumber := Bits Nat

def ByNumber.at? (t : ByNumber β) (n : Nat) : Option β := Bits.find? sameNumber n (numberHash n) (numberHash n) t

def ByNumber.set (t : ByNumber β) (n : Nat) (value : β) : ByNumber β :=
  Bits.insert n value (numberHash n) (numberHash n) 0 t

def textHash (text : String) : UInt64 := hash text

/-- The place of what is written as `text`; it is written now, with its `index`, where it was not before. -/
def place (w : Written) (index text : String) : Nat × Written × Option String :=
  match w.byText.find? sameText text (textHash text) (textHash text) with
  | some place => (place, w, none)
  | none =>
    let byText := w.byText.insert text w.next (textHash text) (textHash text) 0
    (w.next, { w with byText, next := w.next + 1 },
      some ("{\"" ++ index ++ "\":" ++ toString w.next ++ "," ++ text ++ "}"))

def withLine (line? : Option String) (lines : List String) : List String :=
  match line? with
  | some line => line :: lines
  | none => lines

end MathLM
