  # ---- products through oneDNN, where libtorch has it (portable.py elsewhere) ---------------------------------------

  # x w' + b. Of x86 processors oneDNN uses the widest instructions whoever made them; MKL, behind torch.linear, half the width on AMD's.
  def packed_linear(self, x: Tensor, w: Tensor, b: Optional[Tensor]) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), "")

  def packed_conv(self, x: Tensor, w: Tensor, b: Optional[Tensor], stride: int, padding: int) -> Tensor:
    return ops.mkldnn._convolution_pointwise(x, w, b, [padding, padding], [stride, stride], [1, 1], 1, "none", annotate(List[Optional[number]], []), "")

  # Weights in the blocked order that oneDNN reads, which it would else make of them in every call. numbers: type
  def pack_linear(self, w: Tensor, numbers: Tensor) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(w.detach().flatten(1).to(int(numbers)), None)

  def pack_conv(self, w: Tensor, numbers: Tensor) -> Tensor:
    p = w.shape[3] // 2
    return ops.mkldnn._reorder_convolution_weight(w.detach().to(int(numbers)), [p, p], [1, 1], [1, 1], 1, None)

  # Where a packed weight lies, int64: its address and its bytes. What order it has, as oneDNN writes that down: uint8
  def packed_place(self, w: Tensor) -> Tensor:
    return torch.tensor([ops.mkldnn.data_ptr(w), ops.mkldnn._nbytes(w)], dtype=4)

  def packed_form(self, w: Tensor) -> Tensor:
    return ops.mkldnn._get_mkldnn_serialized_md(w)

  # Attention, some rows of one head at a time, so that their scores stay in the cache. Scores and softmax are float32.
  def mix_rows(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scale = q.shape[3] ** -0.5
    rows = max(1, 1048576 // k.shape[2])
    y = torch.empty_like(q)
    for b in range(q.shape[0]):
      for h in range(q.shape[1]):
        keys = (k[b, h].to(6) * scale).contiguous()
        values = v[b, h].t().contiguous()
        for i in range((q.shape[2] + rows - 1) // rows):
          part = q[b, h, i * rows:(i + 1) * rows]
          p = torch.softmax(self.packed_linear(part.to(6).contiguous(), keys, None), -1)
          y[b, h, i * rows:(i + 1) * rows].copy_(self.packed_linear(p.to(q.dtype), values, None))
    return y
