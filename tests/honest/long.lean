/-! Long and deep: a proof of two hundred steps, terms nested hundreds deep, chains of lemmas. -/

theorem long (a0 : Nat) : ∃ b, b = a0 + 200 := by
  obtain ⟨a1, h1⟩ : ∃ x, x = a0 + 1 := ⟨_, rfl⟩
  obtain ⟨a2, h2⟩ : ∃ x, x = a1 + 1 := ⟨_, rfl⟩
  obtain ⟨a3, h3⟩ : ∃ x, x = a2 + 1 := ⟨_, rfl⟩
  obtain ⟨a4, h4⟩ : ∃ x, x = a3 + 1 := ⟨_, rfl⟩
  obtain ⟨a5, h5⟩ : ∃ x, x = a4 + 1 := ⟨_, rfl⟩
  obtain ⟨a6, h6⟩ : ∃ x, x = a5 + 1 := ⟨_, rfl⟩
  obtain ⟨a7, h7⟩ : ∃ x, x = a6 + 1 := ⟨_, rfl⟩
  obtain ⟨a8, h8⟩ : ∃ x, x = a7 + 1 := ⟨_, rfl⟩
  obtain ⟨a9, h9⟩ : ∃ x, x = a8 + 1 := ⟨_, rfl⟩
  obtain ⟨a10, h10⟩ : ∃ x, x = a9 + 1 := ⟨_, rfl⟩
  obtain ⟨a11, h11⟩ : ∃ x, x = a10 + 1 := ⟨_, rfl⟩
  obtain ⟨a12, h12⟩ : ∃ x, x = a11 + 1 := ⟨_, rfl⟩
  obtain ⟨a13, h13⟩ : ∃ x, x = a12 + 1 := ⟨_, rfl⟩
  obtain ⟨a14, h14⟩ : ∃ x, x = a13 + 1 := ⟨_, rfl⟩
  obtain ⟨a15, h15⟩ : ∃ x, x = a14 + 1 := ⟨_, rfl⟩
  obtain ⟨a16, h16⟩ : ∃ x, x = a15 + 1 := ⟨_, rfl⟩
  obtain ⟨a17, h17⟩ : ∃ x, x = a16 + 1 := ⟨_, rfl⟩
  obtain ⟨a18, h18⟩ : ∃ x, x = a17 + 1 := ⟨_, rfl⟩
  obtain ⟨a19, h19⟩ : ∃ x, x = a18 + 1 := ⟨_, rfl⟩
  obtain ⟨a20, h20⟩ : ∃ x, x = a19 + 1 := ⟨_, rfl⟩
  obtain ⟨a21, h21⟩ : ∃ x, x = a20 + 1 := ⟨_, rfl⟩
  obtain ⟨a22, h22⟩ : ∃ x, x = a21 + 1 := ⟨_, rfl⟩
  obtain ⟨a23, h23⟩ : ∃ x, x = a22 + 1 := ⟨_, rfl⟩
  obtain ⟨a24, h24⟩ : ∃ x, x = a23 + 1 := ⟨_, rfl⟩
  obtain ⟨a25, h25⟩ : ∃ x, x = a24 + 1 := ⟨_, rfl⟩
  obtain ⟨a26, h26⟩ : ∃ x, x = a25 + 1 := ⟨_, rfl⟩
  obtain ⟨a27, h27⟩ : ∃ x, x = a26 + 1 := ⟨_, rfl⟩
  obtain ⟨a28, h28⟩ : ∃ x, x = a27 + 1 := ⟨_, rfl⟩
  obtain ⟨a29, h29⟩ : ∃ x, x = a28 + 1 := ⟨_, rfl⟩
  obtain ⟨a30, h30⟩ : ∃ x, x = a29 + 1 := ⟨_, rfl⟩
  obtain ⟨a31, h31⟩ : ∃ x, x = a30 + 1 := ⟨_, rfl⟩
  obtain ⟨a32, h32⟩ : ∃ x, x = a31 + 1 := ⟨_, rfl⟩
  obtain ⟨a33, h33⟩ : ∃ x, x = a32 + 1 := ⟨_, rfl⟩
  obtain ⟨a34, h34⟩ : ∃ x, x = a33 + 1 := ⟨_, rfl⟩
  obtain ⟨a35, h35⟩ : ∃ x, x = a34 + 1 := ⟨_, rfl⟩
  obtain ⟨a36, h36⟩ : ∃ x, x = a35 + 1 := ⟨_, rfl⟩
  obtain ⟨a37, h37⟩ : ∃ x, x = a36 + 1 := ⟨_, rfl⟩
  obtain ⟨a38, h38⟩ : ∃ x, x = a37 + 1 := ⟨_, rfl⟩
  obtain ⟨a39, h39⟩ : ∃ x, x = a38 + 1 := ⟨_, rfl⟩
  obtain ⟨a40, h40⟩ : ∃ x, x = a39 + 1 := ⟨_, rfl⟩
  obtain ⟨a41, h41⟩ : ∃ x, x = a40 + 1 := ⟨_, rfl⟩
  obtain ⟨a42, h42⟩ : ∃ x, x = a41 + 1 := ⟨_, rfl⟩
  obtain ⟨a43, h43⟩ : ∃ x, x = a42 + 1 := ⟨_, rfl⟩
  obtain ⟨a44, h44⟩ : ∃ x, x = a43 + 1 := ⟨_, rfl⟩
  obtain ⟨a45, h45⟩ : ∃ x, x = a44 + 1 := ⟨_, rfl⟩
  obtain ⟨a46, h46⟩ : ∃ x, x = a45 + 1 := ⟨_, rfl⟩
  obtain ⟨a47, h47⟩ : ∃ x, x = a46 + 1 := ⟨_, rfl⟩
  obtain ⟨a48, h48⟩ : ∃ x, x = a47 + 1 := ⟨_, rfl⟩
  obtain ⟨a49, h49⟩ : ∃ x, x = a48 + 1 := ⟨_, rfl⟩
  obtain ⟨a50, h50⟩ : ∃ x, x = a49 + 1 := ⟨_, rfl⟩
  obtain ⟨a51, h51⟩ : ∃ x, x = a50 + 1 := ⟨_, rfl⟩
  obtain ⟨a52, h52⟩ : ∃ x, x = a51 + 1 := ⟨_, rfl⟩
  obtain ⟨a53, h53⟩ : ∃ x, x = a52 + 1 := ⟨_, rfl⟩
  obtain ⟨a54, h54⟩ : ∃ x, x = a53 + 1 := ⟨_, rfl⟩
  obtain ⟨a55, h55⟩ : ∃ x, x = a54 + 1 := ⟨_, rfl⟩
  obtain ⟨a56, h56⟩ : ∃ x, x = a55 + 1 := ⟨_, rfl⟩
  obtain ⟨a57, h57⟩ : ∃ x, x = a56 + 1 := ⟨_, rfl⟩
  obtain ⟨a58, h58⟩ : ∃ x, x = a57 + 1 := ⟨_, rfl⟩
  obtain ⟨a59, h59⟩ : ∃ x, x = a58 + 1 := ⟨_, rfl⟩
  obtain ⟨a60, h60⟩ : ∃ x, x = a59 + 1 := ⟨_, rfl⟩
  obtain ⟨a61, h61⟩ : ∃ x, x = a60 + 1 := ⟨_, rfl⟩
  obtain ⟨a62, h62⟩ : ∃ x, x = a61 + 1 := ⟨_, rfl⟩
  obtain ⟨a63, h63⟩ : ∃ x, x = a62 + 1 := ⟨_, rfl⟩
  obtain ⟨a64, h64⟩ : ∃ x, x = a63 + 1 := ⟨_, rfl⟩
  obtain ⟨a65, h65⟩ : ∃ x, x = a64 + 1 := ⟨_, rfl⟩
  obtain ⟨a66, h66⟩ : ∃ x, x = a65 + 1 := ⟨_, rfl⟩
  obtain ⟨a67, h67⟩ : ∃ x, x = a66 + 1 := ⟨_, rfl⟩
  obtain ⟨a68, h68⟩ : ∃ x, x = a67 + 1 := ⟨_, rfl⟩
  obtain ⟨a69, h69⟩ : ∃ x, x = a68 + 1 := ⟨_, rfl⟩
  obtain ⟨a70, h70⟩ : ∃ x, x = a69 + 1 := ⟨_, rfl⟩
  obtain ⟨a71, h71⟩ : ∃ x, x = a70 + 1 := ⟨_, rfl⟩
  obtain ⟨a72, h72⟩ : ∃ x, x = a71 + 1 := ⟨_, rfl⟩
  obtain ⟨a73, h73⟩ : ∃ x, x = a72 + 1 := ⟨_, rfl⟩
  obtain ⟨a74, h74⟩ : ∃ x, x = a73 + 1 := ⟨_, rfl⟩
  obtain ⟨a75, h75⟩ : ∃ x, x = a74 + 1 := ⟨_, rfl⟩
  obtain ⟨a76, h76⟩ : ∃ x, x = a75 + 1 := ⟨_, rfl⟩
  obtain ⟨a77, h77⟩ : ∃ x, x = a76 + 1 := ⟨_, rfl⟩
  obtain ⟨a78, h78⟩ : ∃ x, x = a77 + 1 := ⟨_, rfl⟩
  obtain ⟨a79, h79⟩ : ∃ x, x = a78 + 1 := ⟨_, rfl⟩
  obtain ⟨a80, h80⟩ : ∃ x, x = a79 + 1 := ⟨_, rfl⟩
  obtain ⟨a81, h81⟩ : ∃ x, x = a80 + 1 := ⟨_, rfl⟩
  obtain ⟨a82, h82⟩ : ∃ x, x = a81 + 1 := ⟨_, rfl⟩
  obtain ⟨a83, h83⟩ : ∃ x, x = a82 + 1 := ⟨_, rfl⟩
  obtain ⟨a84, h84⟩ : ∃ x, x = a83 + 1 := ⟨_, rfl⟩
  obtain ⟨a85, h85⟩ : ∃ x, x = a84 + 1 := ⟨_, rfl⟩
  obtain ⟨a86, h86⟩ : ∃ x, x = a85 + 1 := ⟨_, rfl⟩
  obtain ⟨a87, h87⟩ : ∃ x, x = a86 + 1 := ⟨_, rfl⟩
  obtain ⟨a88, h88⟩ : ∃ x, x = a87 + 1 := ⟨_, rfl⟩
  obtain ⟨a89, h89⟩ : ∃ x, x = a88 + 1 := ⟨_, rfl⟩
  obtain ⟨a90, h90⟩ : ∃ x, x = a89 + 1 := ⟨_, rfl⟩
  obtain ⟨a91, h91⟩ : ∃ x, x = a90 + 1 := ⟨_, rfl⟩
  obtain ⟨a92, h92⟩ : ∃ x, x = a91 + 1 := ⟨_, rfl⟩
  obtain ⟨a93, h93⟩ : ∃ x, x = a92 + 1 := ⟨_, rfl⟩
  obtain ⟨a94, h94⟩ : ∃ x, x = a93 + 1 := ⟨_, rfl⟩
  obtain ⟨a95, h95⟩ : ∃ x, x = a94 + 1 := ⟨_, rfl⟩
  obtain ⟨a96, h96⟩ : ∃ x, x = a95 + 1 := ⟨_, rfl⟩
  obtain ⟨a97, h97⟩ : ∃ x, x = a96 + 1 := ⟨_, rfl⟩
  obtain ⟨a98, h98⟩ : ∃ x, x = a97 + 1 := ⟨_, rfl⟩
  obtain ⟨a99, h99⟩ : ∃ x, x = a98 + 1 := ⟨_, rfl⟩
  obtain ⟨a100, h100⟩ : ∃ x, x = a99 + 1 := ⟨_, rfl⟩
  obtain ⟨a101, h101⟩ : ∃ x, x = a100 + 1 := ⟨_, rfl⟩
  obtain ⟨a102, h102⟩ : ∃ x, x = a101 + 1 := ⟨_, rfl⟩
  obtain ⟨a103, h103⟩ : ∃ x, x = a102 + 1 := ⟨_, rfl⟩
  obtain ⟨a104, h104⟩ : ∃ x, x = a103 + 1 := ⟨_, rfl⟩
  obtain ⟨a105, h105⟩ : ∃ x, x = a104 + 1 := ⟨_, rfl⟩
  obtain ⟨a106, h106⟩ : ∃ x, x = a105 + 1 := ⟨_, rfl⟩
  obtain ⟨a107, h107⟩ : ∃ x, x = a106 + 1 := ⟨_, rfl⟩
  obtain ⟨a108, h108⟩ : ∃ x, x = a107 + 1 := ⟨_, rfl⟩
  obtain ⟨a109, h109⟩ : ∃ x, x = a108 + 1 := ⟨_, rfl⟩
  obtain ⟨a110, h110⟩ : ∃ x, x = a109 + 1 := ⟨_, rfl⟩
  obtain ⟨a111, h111⟩ : ∃ x, x = a110 + 1 := ⟨_, rfl⟩
  obtain ⟨a112, h112⟩ : ∃ x, x = a111 + 1 := ⟨_, rfl⟩
  obtain ⟨a113, h113⟩ : ∃ x, x = a112 + 1 := ⟨_, rfl⟩
  obtain ⟨a114, h114⟩ : ∃ x, x = a113 + 1 := ⟨_, rfl⟩
  obtain ⟨a115, h115⟩ : ∃ x, x = a114 + 1 := ⟨_, rfl⟩
  obtain ⟨a116, h116⟩ : ∃ x, x = a115 + 1 := ⟨_, rfl⟩
  obtain ⟨a117, h117⟩ : ∃ x, x = a116 + 1 := ⟨_, rfl⟩
  obtain ⟨a118, h118⟩ : ∃ x, x = a117 + 1 := ⟨_, rfl⟩
  obtain ⟨a119, h119⟩ : ∃ x, x = a118 + 1 := ⟨_, rfl⟩
  obtain ⟨a120, h120⟩ : ∃ x, x = a119 + 1 := ⟨_, rfl⟩
  obtain ⟨a121, h121⟩ : ∃ x, x = a120 + 1 := ⟨_, rfl⟩
  obtain ⟨a122, h122⟩ : ∃ x, x = a121 + 1 := ⟨_, rfl⟩
  obtain ⟨a123, h123⟩ : ∃ x, x = a122 + 1 := ⟨_, rfl⟩
  obtain ⟨a124, h124⟩ : ∃ x, x = a123 + 1 := ⟨_, rfl⟩
  obtain ⟨a125, h125⟩ : ∃ x, x = a124 + 1 := ⟨_, rfl⟩
  obtain ⟨a126, h126⟩ : ∃ x, x = a125 + 1 := ⟨_, rfl⟩
  obtain ⟨a127, h127⟩ : ∃ x, x = a126 + 1 := ⟨_, rfl⟩
  obtain ⟨a128, h128⟩ : ∃ x, x = a127 + 1 := ⟨_, rfl⟩
  obtain ⟨a129, h129⟩ : ∃ x, x = a128 + 1 := ⟨_, rfl⟩
  obtain ⟨a130, h130⟩ : ∃ x, x = a129 + 1 := ⟨_, rfl⟩
  obtain ⟨a131, h131⟩ : ∃ x, x = a130 + 1 := ⟨_, rfl⟩
  obtain ⟨a132, h132⟩ : ∃ x, x = a131 + 1 := ⟨_, rfl⟩
  obtain ⟨a133, h133⟩ : ∃ x, x = a132 + 1 := ⟨_, rfl⟩
  obtain ⟨a134, h134⟩ : ∃ x, x = a133 + 1 := ⟨_, rfl⟩
  obtain ⟨a135, h135⟩ : ∃ x, x = a134 + 1 := ⟨_, rfl⟩
  obtain ⟨a136, h136⟩ : ∃ x, x = a135 + 1 := ⟨_, rfl⟩
  obtain ⟨a137, h137⟩ : ∃ x, x = a136 + 1 := ⟨_, rfl⟩
  obtain ⟨a138, h138⟩ : ∃ x, x = a137 + 1 := ⟨_, rfl⟩
  obtain ⟨a139, h139⟩ : ∃ x, x = a138 + 1 := ⟨_, rfl⟩
  obtain ⟨a140, h140⟩ : ∃ x, x = a139 + 1 := ⟨_, rfl⟩
  obtain ⟨a141, h141⟩ : ∃ x, x = a140 + 1 := ⟨_, rfl⟩
  obtain ⟨a142, h142⟩ : ∃ x, x = a141 + 1 := ⟨_, rfl⟩
  obtain ⟨a143, h143⟩ : ∃ x, x = a142 + 1 := ⟨_, rfl⟩
  obtain ⟨a144, h144⟩ : ∃ x, x = a143 + 1 := ⟨_, rfl⟩
  obtain ⟨a145, h145⟩ : ∃ x, x = a144 + 1 := ⟨_, rfl⟩
  obtain ⟨a146, h146⟩ : ∃ x, x = a145 + 1 := ⟨_, rfl⟩
  obtain ⟨a147, h147⟩ : ∃ x, x = a146 + 1 := ⟨_, rfl⟩
  obtain ⟨a148, h148⟩ : ∃ x, x = a147 + 1 := ⟨_, rfl⟩
  obtain ⟨a149, h149⟩ : ∃ x, x = a148 + 1 := ⟨_, rfl⟩
  obtain ⟨a150, h150⟩ : ∃ x, x = a149 + 1 := ⟨_, rfl⟩
  obtain ⟨a151, h151⟩ : ∃ x, x = a150 + 1 := ⟨_, rfl⟩
  obtain ⟨a152, h152⟩ : ∃ x, x = a151 + 1 := ⟨_, rfl⟩
  obtain ⟨a153, h153⟩ : ∃ x, x = a152 + 1 := ⟨_, rfl⟩
  obtain ⟨a154, h154⟩ : ∃ x, x = a153 + 1 := ⟨_, rfl⟩
  obtain ⟨a155, h155⟩ : ∃ x, x = a154 + 1 := ⟨_, rfl⟩
  obtain ⟨a156, h156⟩ : ∃ x, x = a155 + 1 := ⟨_, rfl⟩
  obtain ⟨a157, h157⟩ : ∃ x, x = a156 + 1 := ⟨_, rfl⟩
  obtain ⟨a158, h158⟩ : ∃ x, x = a157 + 1 := ⟨_, rfl⟩
  obtain ⟨a159, h159⟩ : ∃ x, x = a158 + 1 := ⟨_, rfl⟩
  obtain ⟨a160, h160⟩ : ∃ x, x = a159 + 1 := ⟨_, rfl⟩
  obtain ⟨a161, h161⟩ : ∃ x, x = a160 + 1 := ⟨_, rfl⟩
  obtain ⟨a162, h162⟩ : ∃ x, x = a161 + 1 := ⟨_, rfl⟩
  obtain ⟨a163, h163⟩ : ∃ x, x = a162 + 1 := ⟨_, rfl⟩
  obtain ⟨a164, h164⟩ : ∃ x, x = a163 + 1 := ⟨_, rfl⟩
  obtain ⟨a165, h165⟩ : ∃ x, x = a164 + 1 := ⟨_, rfl⟩
  obtain ⟨a166, h166⟩ : ∃ x, x = a165 + 1 := ⟨_, rfl⟩
  obtain ⟨a167, h167⟩ : ∃ x, x = a166 + 1 := ⟨_, rfl⟩
  obtain ⟨a168, h168⟩ : ∃ x, x = a167 + 1 := ⟨_, rfl⟩
  obtain ⟨a169, h169⟩ : ∃ x, x = a168 + 1 := ⟨_, rfl⟩
  obtain ⟨a170, h170⟩ : ∃ x, x = a169 + 1 := ⟨_, rfl⟩
  obtain ⟨a171, h171⟩ : ∃ x, x = a170 + 1 := ⟨_, rfl⟩
  obtain ⟨a172, h172⟩ : ∃ x, x = a171 + 1 := ⟨_, rfl⟩
  obtain ⟨a173, h173⟩ : ∃ x, x = a172 + 1 := ⟨_, rfl⟩
  obtain ⟨a174, h174⟩ : ∃ x, x = a173 + 1 := ⟨_, rfl⟩
  obtain ⟨a175, h175⟩ : ∃ x, x = a174 + 1 := ⟨_, rfl⟩
  obtain ⟨a176, h176⟩ : ∃ x, x = a175 + 1 := ⟨_, rfl⟩
  obtain ⟨a177, h177⟩ : ∃ x, x = a176 + 1 := ⟨_, rfl⟩
  obtain ⟨a178, h178⟩ : ∃ x, x = a177 + 1 := ⟨_, rfl⟩
  obtain ⟨a179, h179⟩ : ∃ x, x = a178 + 1 := ⟨_, rfl⟩
  obtain ⟨a180, h180⟩ : ∃ x, x = a179 + 1 := ⟨_, rfl⟩
  obtain ⟨a181, h181⟩ : ∃ x, x = a180 + 1 := ⟨_, rfl⟩
  obtain ⟨a182, h182⟩ : ∃ x, x = a181 + 1 := ⟨_, rfl⟩
  obtain ⟨a183, h183⟩ : ∃ x, x = a182 + 1 := ⟨_, rfl⟩
  obtain ⟨a184, h184⟩ : ∃ x, x = a183 + 1 := ⟨_, rfl⟩
  obtain ⟨a185, h185⟩ : ∃ x, x = a184 + 1 := ⟨_, rfl⟩
  obtain ⟨a186, h186⟩ : ∃ x, x = a185 + 1 := ⟨_, rfl⟩
  obtain ⟨a187, h187⟩ : ∃ x, x = a186 + 1 := ⟨_, rfl⟩
  obtain ⟨a188, h188⟩ : ∃ x, x = a187 + 1 := ⟨_, rfl⟩
  obtain ⟨a189, h189⟩ : ∃ x, x = a188 + 1 := ⟨_, rfl⟩
  obtain ⟨a190, h190⟩ : ∃ x, x = a189 + 1 := ⟨_, rfl⟩
  obtain ⟨a191, h191⟩ : ∃ x, x = a190 + 1 := ⟨_, rfl⟩
  obtain ⟨a192, h192⟩ : ∃ x, x = a191 + 1 := ⟨_, rfl⟩
  obtain ⟨a193, h193⟩ : ∃ x, x = a192 + 1 := ⟨_, rfl⟩
  obtain ⟨a194, h194⟩ : ∃ x, x = a193 + 1 := ⟨_, rfl⟩
  obtain ⟨a195, h195⟩ : ∃ x, x = a194 + 1 := ⟨_, rfl⟩
  obtain ⟨a196, h196⟩ : ∃ x, x = a195 + 1 := ⟨_, rfl⟩
  obtain ⟨a197, h197⟩ : ∃ x, x = a196 + 1 := ⟨_, rfl⟩
  obtain ⟨a198, h198⟩ : ∃ x, x = a197 + 1 := ⟨_, rfl⟩
  obtain ⟨a199, h199⟩ : ∃ x, x = a198 + 1 := ⟨_, rfl⟩
  obtain ⟨a200, h200⟩ : ∃ x, x = a199 + 1 := ⟨_, rfl⟩
  exact ⟨a200, by subst_vars; rfl⟩
theorem deep_parentheses (n : Nat) : ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((n)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) = n := rfl
set_option maxRecDepth 20000 in
theorem deep_and (p : Prop) (h : p) : p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p ∧ (p)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) := ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, ⟨h, h⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩⟩
set_option maxRecDepth 20000 in
theorem deep_succ : Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (0)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) = 200 := rfl
theorem wide (n : Nat) : n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n + n = 100 * n := by omega
theorem chain_0 (n : Nat) : n ≤ n := Nat.le_refl n
theorem chain_1 (n : Nat) : n ≤ n + 1 := Nat.le_succ_of_le (chain_0 n)
theorem chain_2 (n : Nat) : n ≤ n + 2 := Nat.le_succ_of_le (chain_1 n)
theorem chain_3 (n : Nat) : n ≤ n + 3 := Nat.le_succ_of_le (chain_2 n)
theorem chain_4 (n : Nat) : n ≤ n + 4 := Nat.le_succ_of_le (chain_3 n)
theorem chain_5 (n : Nat) : n ≤ n + 5 := Nat.le_succ_of_le (chain_4 n)
theorem chain_6 (n : Nat) : n ≤ n + 6 := Nat.le_succ_of_le (chain_5 n)
theorem chain_7 (n : Nat) : n ≤ n + 7 := Nat.le_succ_of_le (chain_6 n)
theorem chain_8 (n : Nat) : n ≤ n + 8 := Nat.le_succ_of_le (chain_7 n)
theorem chain_9 (n : Nat) : n ≤ n + 9 := Nat.le_succ_of_le (chain_8 n)
theorem chain_10 (n : Nat) : n ≤ n + 10 := Nat.le_succ_of_le (chain_9 n)
theorem chain_11 (n : Nat) : n ≤ n + 11 := Nat.le_succ_of_le (chain_10 n)
theorem chain_12 (n : Nat) : n ≤ n + 12 := Nat.le_succ_of_le (chain_11 n)
theorem chain_13 (n : Nat) : n ≤ n + 13 := Nat.le_succ_of_le (chain_12 n)
theorem chain_14 (n : Nat) : n ≤ n + 14 := Nat.le_succ_of_le (chain_13 n)
theorem chain_15 (n : Nat) : n ≤ n + 15 := Nat.le_succ_of_le (chain_14 n)
theorem chain_16 (n : Nat) : n ≤ n + 16 := Nat.le_succ_of_le (chain_15 n)
theorem chain_17 (n : Nat) : n ≤ n + 17 := Nat.le_succ_of_le (chain_16 n)
theorem chain_18 (n : Nat) : n ≤ n + 18 := Nat.le_succ_of_le (chain_17 n)
theorem chain_19 (n : Nat) : n ≤ n + 19 := Nat.le_succ_of_le (chain_18 n)
theorem chain_20 (n : Nat) : n ≤ n + 20 := Nat.le_succ_of_le (chain_19 n)
theorem chain_21 (n : Nat) : n ≤ n + 21 := Nat.le_succ_of_le (chain_20 n)
theorem chain_22 (n : Nat) : n ≤ n + 22 := Nat.le_succ_of_le (chain_21 n)
theorem chain_23 (n : Nat) : n ≤ n + 23 := Nat.le_succ_of_le (chain_22 n)
theorem chain_24 (n : Nat) : n ≤ n + 24 := Nat.le_succ_of_le (chain_23 n)
theorem chain_25 (n : Nat) : n ≤ n + 25 := Nat.le_succ_of_le (chain_24 n)
theorem chain_26 (n : Nat) : n ≤ n + 26 := Nat.le_succ_of_le (chain_25 n)
theorem chain_27 (n : Nat) : n ≤ n + 27 := Nat.le_succ_of_le (chain_26 n)
theorem chain_28 (n : Nat) : n ≤ n + 28 := Nat.le_succ_of_le (chain_27 n)
theorem chain_29 (n : Nat) : n ≤ n + 29 := Nat.le_succ_of_le (chain_28 n)
theorem chain_30 (n : Nat) : n ≤ n + 30 := Nat.le_succ_of_le (chain_29 n)
theorem many_hypotheses (h0 : a0 = a1) (h1 : a1 = a2) (h2 : a2 = a3) (h3 : a3 = a4) (h4 : a4 = a5) (h5 : a5 = a6) (h6 : a6 = a7) (h7 : a7 = a8) (h8 : a8 = a9) (h9 : a9 = a10) (h10 : a10 = a11) (h11 : a11 = a12) (h12 : a12 = a13) (h13 : a13 = a14) (h14 : a14 = a15) (h15 : a15 = a16) (h16 : a16 = a17) (h17 : a17 = a18) (h18 : a18 = a19) (h19 : a19 = a20) (h20 : a20 = a21) (h21 : a21 = a22) (h22 : a22 = a23) (h23 : a23 = a24) (h24 : a24 = a25) (h25 : a25 = a26) (h26 : a26 = a27) (h27 : a27 = a28) (h28 : a28 = a29) (h29 : a29 = a30) (h30 : a30 = a31) (h31 : a31 = a32) (h32 : a32 = a33) (h33 : a33 = a34) (h34 : a34 = a35) (h35 : a35 = a36) (h36 : a36 = a37) (h37 : a37 = a38) (h38 : a38 = a39) (h39 : a39 = a40) : a0 = a40 := by
  simp only [*]
theorem deep_implication : (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → (True → True)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) := by intros; trivial
