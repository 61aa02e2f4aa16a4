# TorchScript in the form that torch.jit.load compiles; self needs no type, dtypes and memory formats are numbers.
#
# A kernel takes activations and then one list w:
#   w[0]  numbers of this call, float64 on the CPU; the first is the compute type (6 = float32, 15 = bfloat16)
#   w[1]  LoRA scales (rows or 1, loras), or empty
#   w[2]  LoRA masks (rows or 1, loras, h, w), or empty
#   then norms (2 places: weight, bias) and layers (6 places: weight, bias, LoRA down, LoRA up, LoRA of each rank, gain of
#   each rank; columns of up beyond the ranks of down are diagonals that stretch the layer's own product, without bias) at the places that the kernel's comment names. What is absent is an empty tensor.
# Products run in the compute type, norms in float32. The weight of a layer may be packed, see onednn.py, whose methods or
# those of portable.py follow these.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---- pieces -------------------------------------------------------------------------------------------------------

  # Without gradients channels_last is the faster layout on large models; with them its group_norm backward is ten times slower.
  def enter(self, x: Tensor, dtype: float) -> Tensor:
    x = x.to(int(dtype))
    if x.dim() == 4:
      if torch.is_grad_enabled():
        x = x.contiguous()
      else:
        x = x.contiguous(memory_format=2)
    return x

  def leave(self, x: Tensor) -> Tensor:
    return x.to(6).contiguous()

  # Strength of each rank, (rows, rank, h, w), or (rows, rank, 1, 1) where the layer has no picture plane: size is empty.
  def strength(self, x: Tensor, w: List[Tensor], i: int, size: List[int]) -> Tensor:
    s = (w[1][:, w[i + 4]] * w[i + 5])[:, :, None, None]
    if w[2].numel() > 0:
      if len(size) == 0:
        m = w[2].mean([2, 3], True)
      else:
        m = torch.adaptive_avg_pool2d(w[2], size)
      s = s * m[:, w[i + 4]]
    return s.to(x.dtype)

  # A packed weight gives no gradient and has one type: for others it is unpacked.
  def takes_packed(self, x: Tensor, w: Tensor) -> bool:
    return w.is_mkldnn and w.dtype == x.dtype and not x.requires_grad

  def dense(self, w: Tensor, x: Tensor) -> Tensor:
    if w.is_mkldnn:
      w = w.to_dense()
    return w.to(x.dtype)

  # numbers: type
  def unpack(self, w: Tensor, numbers: Tensor) -> Tensor:
    return w.to_dense().to(int(numbers))

  # x: (rows, tokens, in); size: height and width of the picture whose points the tokens are.
  def linear(self, x: Tensor, w: List[Tensor], i: int, size: List[int]) -> Tensor:
    b : Optional[Tensor] = None
    if w[i + 1].numel() > 0:
      b = w[i + 1].to(x.dtype)
    if self.takes_packed(x, w[i]):
      y = self.packed_linear(x, w[i], b)
    else:
      y = torch.linear(x, self.dense(w[i], x).flatten(1), b)
    if w[i + 2].numel() > 0:
      r = w[i + 2].shape[0]
      h = torch.linear(x, w[i + 2].flatten(1).to(x.dtype))
      s = self.strength(x, w, i, size).flatten(2).transpose(1, 2)
      up = w[i + 3].flatten(1).to(x.dtype)
      if up.shape[1] > r:
        f = torch.linear(s[:, :, r:], up[:, r:])
        own = y
        if b is not None:
          own = y - b
        y = y + f * own + torch.linear(h * s[:, :, :r], up[:, :r])
      else:
        y = y + torch.linear(h * s, up)
    return y

  def conv(self, x: Tensor, w: List[Tensor], i: int, stride: int, padding: int) -> Tensor:
    b : Optional[Tensor] = None
    if w[i + 1].numel() > 0:
      b = w[i + 1].to(x.dtype)
    if self.takes_packed(x, w[i]):
      y = self.packed_conv(x, w[i], b, stride, padding)
    else:
      y = torch.conv2d(x, self.dense(w[i], x), b, [stride, stride], [padding, padding])
    if w[i + 2].numel() > 0:
      h = torch.conv2d(x, w[i + 2].to(x.dtype), None, [stride, stride], [padding, padding])
      s = self.strength(x, w, i, [h.shape[2], h.shape[3]])
      up = w[i + 3].to(x.dtype)
      r = h.shape[1]
      if up.shape[1] > r:
        f = torch.conv2d(s[:, r:], up[:, r:])
        own = y
        if b is not None:
          own = y - b[None, :, None, None]
        y = y + f * own + torch.conv2d(h * s[:, :r], up[:, :r])
      else:
        y = y + torch.conv2d(h * s, up)
    return y

  # x + y, in the memory of x where no gradient needs it: x is new and nobody else's.
  def onto(self, x: Tensor, y: Tensor) -> Tensor:
    if x.requires_grad or y.requires_grad:
      x = x + y
    else:
      x = x.add_(y)
    return x

  # libtorch crashes in the channels_last backward when the weights need a gradient and the input does not.
  def group_norm(self, x: Tensor, w: List[Tensor], i: int, groups: int, eps: float) -> Tensor:
    if w[i].requires_grad:
      if not x.requires_grad:
        x = x.contiguous()
    y = torch.group_norm(x.to(6), groups, w[i], w[i + 1], eps)
    return y.to(x.dtype)

  def norm_silu(self, x: Tensor, w: List[Tensor], i: int, groups: int, eps: float) -> Tensor:
    y = self.group_norm(x, w, i, groups, eps)
    if y.requires_grad:
      y = torch.silu(y)
    else:
      y = torch.silu_(y)
    return y

  def norm_tokens(self, x: Tensor, w: List[Tensor], i: int, eps: float) -> Tensor:
    y = torch.layer_norm(x.to(6), [x.shape[-1]], w[i], w[i + 1], eps)
    return y.to(x.dtype)

  def tokens(self, x: Tensor) -> Tensor:
    return x.permute([0, 2, 3, 1]).reshape([x.shape[0], x.shape[2] * x.shape[3], x.shape[1]])

  def picture(self, x: Tensor, like: Tensor) -> Tensor:
    return x.reshape([x.shape[0], like.shape[2], like.shape[3], x.shape[2]]).permute([0, 3, 1, 2])

  # bfloat16 attention runs faster as plain products on a CPU than in the fused kernel: small one three to eight times, large
  # one, some rows at a time, twice.
  def mix(self, q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    products = q.dtype == 15 and not q.is_cuda and not causal
    graph = q.requires_grad or k.requires_grad or v.requires_grad
    if products and q.shape[2] * k.shape[2] <= 65536:
      p = torch.matmul(q * (q.shape[3] ** -0.5), k.transpose(2, 3))
      y = torch.matmul(torch.softmax(p, -1), v)
    elif products and k.shape[2] >= 512 and not graph:
      y = self.mix_rows(q, k, v)
    else:
      y = torch.scaled_dot_product_attention(q, k, v, None, 0., causal)
    return y

  # Attention of x to context; places q i, k i+6, v i+12, out i+18.
  def attend(self, x: Tensor, context: Tensor, w: List[Tensor], i: int, heads: int, size: List[int], context_size: List[int], causal: bool) -> Tensor:
    rows = x.shape[0]
    q = self.linear(x, w, i, size)
    k = self.linear(context, w, i + 6, context_size)
    v = self.linear(context, w, i + 12, context_size)
    q = q.reshape([rows, x.shape[1], heads, q.shape[2] // heads]).transpose(1, 2)
    k = k.reshape([rows, context.shape[1], heads, k.shape[2] // heads]).transpose(1, 2)
    v = v.reshape([rows, context.shape[1], heads, v.shape[2] // heads]).transpose(1, 2)
    y = self.mix(q, k, v, causal)
    y = y.transpose(1, 2).reshape([rows, x.shape[1], heads * v.shape[3]])
    return self.linear(y, w, i + 18, size)

  # Self-attention of x in which the last rows are seen by the others too, row i by those that are i modulo their number;
  # strength multiplies the weights of what is seen so. Places as in attend.
  def attend_shared(self, x: Tensor, w: List[Tensor], i: int, heads: int, size: List[int], references: int, strength: float) -> Tensor:
    rows = x.shape[0]
    own = rows - references
    tokens = x.shape[1]
    q = self.linear(x, w, i, size)
    k = self.linear(x, w, i + 6, size)
    v = self.linear(x, w, i + 12, size)
    q = q.reshape([rows, tokens, heads, q.shape[2] // heads]).transpose(1, 2)
    k = k.reshape([rows, tokens, heads, k.shape[2] // heads]).transpose(1, 2)
    v = v.reshape([rows, tokens, heads, v.shape[2] // heads]).transpose(1, 2)
    times = own // references
    keys = torch.cat([k[:own], k[own:].repeat([times, 1, 1, 1])], 2)
    values = torch.cat([v[:own], v[own:].repeat([times, 1, 1, 1])], 2)
    if strength == 1.:
      y = self.mix(q[:own], keys, values, False)
    else:
      weight = torch.ones([1, 1, 1, 2 * tokens], dtype=6, device=x.device)
      weight[:, :, :, tokens:] = strength
      bias = torch.log(weight).to(q.dtype)
      y = torch.scaled_dot_product_attention(q[:own], keys, values, bias, 0., False)
    y = torch.cat([y, self.mix(q[own:], k[own:], v[own:], False)], 0)
    y = y.transpose(1, 2).reshape([rows, tokens, heads * v.shape[3]])
    return self.linear(y, w, i + 18, size)

  def nearest(self, x: Tensor, h: int, w: int) -> Tensor:
    return torch.upsample_nearest2d(x, [h, w])

  # ---- single layers ------------------------------------------------------------------------------------------------

  # layer 3; (rows, tokens, in) -> (rows, tokens, out) float32
  def linear_layer(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return self.leave(self.linear(self.enter(x, n[0]), w, 3, annotate(List[int], [])))

  # numbers: type, stride, padding; layer 3; float32
  def conv_layer(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return self.leave(self.conv(self.enter(x, n[0]), w, 3, int(n[1]), int(n[2])))

  # numbers: type, stride, padding, whether to pad one row below and one column at the right first; layer 3
  def conv_in(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    if n[3] != 0.:
      x = torch.constant_pad_nd(x, [0, 1, 0, 1])
    return self.conv(x, w, 3, int(n[1]), int(n[2]))

  # numbers: type; layer 3; to the size of like, or to twice its own
  def upsample(self, x: Tensor, like: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    if like.numel() > 0:
      x = self.nearest(x, like.shape[2], like.shape[3])
    else:
      x = self.nearest(x, x.shape[2] * 2, x.shape[3] * 2)
    return self.conv(x, w, 3, 1, 1)

  # numbers: type, groups, eps; norm 3, layer 5; float32
  def norm_silu_conv_out(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.norm_silu(self.enter(x, n[0]), w, 3, int(n[1]), n[2])
    return self.leave(self.conv(x, w, 5, 1, 1))

  def add(self, x: Tensor, y: Tensor) -> Tensor:
    return x + y.to(x.dtype)

  # numbers: type
  def round(self, x: Tensor, numbers: Tensor) -> Tensor:
    return x.detach().to(int(numbers))

  def concat(self, axis: Tensor, w: List[Tensor]) -> Tensor:
    return torch.cat(w, int(axis))

  # (rows or 1, 1, h, w) each, of any sizes -> (rows or 1, loras, h, w) of the largest
  def join_masks(self, unused: Tensor, w: List[Tensor]) -> Tensor:
    rows = 1
    height = 1
    width = 1
    for m in w:
      rows = max(rows, m.shape[0])
      height = max(height, m.shape[2])
      width = max(width, m.shape[3])
    all = annotate(List[Tensor], [])
    for m in w:
      all.append(torch.adaptive_avg_pool2d(m, [height, width]).expand([rows, 1, height, width]))
    return torch.cat(all, 1)

  # ---- U-Net --------------------------------------------------------------------------------------------------------

  # t: (rows). numbers: type, channels, flip sin to cos, frequency shift; layers 3, 9
  def time_embedding(self, t: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    half = int(n[1]) // 2
    f = torch.arange(half, dtype=6, device=t.device) * (-9.210340371976184 / (half - n[3]))
    a = t.to(6)[:, None] * torch.exp(f)[None]
    if n[2] != 0.:
      e = torch.cat([torch.cos(a), torch.sin(a)], 1)
    else:
      e = torch.cat([torch.sin(a), torch.cos(a)], 1)
    if int(n[1]) % 2 == 1:
      e = torch.constant_pad_nd(e, [0, 1])
    none = annotate(List[int], [])
    e = self.linear(self.enter(e[:, None], n[0]), w, 3, none)
    e = self.linear(torch.silu(e), w, 9, none)
    return e.squeeze(1)

  # skip: channels to join first, or empty; time: (rows, features) or empty.
  # numbers: type, groups, eps, output scale; norm1 3, conv1 5, time_emb_proj 11, norm2 17, conv2 19, conv_shortcut 25
  def resnet(self, x: Tensor, skip: Tensor, time: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    if skip.numel() > 0:
      x = torch.cat([x, skip.to(x.dtype)], 1)
    h = self.norm_silu(x, w, 3, int(n[1]), n[2])
    h = self.conv(h, w, 5, 1, 1)
    if time.numel() > 0:
      t = self.linear(torch.silu(time.to(x.dtype))[:, None], w, 11, annotate(List[int], []))
      h = self.onto(h, t.transpose(1, 2)[:, :, :, None])
    h = self.norm_silu(h, w, 17, int(n[1]), n[2])
    h = self.conv(h, w, 19, 1, 1)
    if w[25].numel() > 0:
      x = self.conv(x, w, 25, 1, 0)
    y = self.onto(h, x)
    if n[3] != 1.:
      y = y / n[3]
    return y

  # numbers: type, groups, eps, heads, layer norm eps, blocks, then, if the last rows are references, how many and their
  # strength; norm 3, proj_in 5, then for each block (66 places) norm1,
  # attn1 q k v out, norm2, attn2 q k v out, norm3, ff.net.0.proj, ff.net.2; then proj_out
  def transformer(self, x: Tensor, context: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    context = self.enter(context, n[0])
    size = [x.shape[2], x.shape[3]]
    none = annotate(List[int], [])
    heads = int(n[3])
    h = self.linear(self.tokens(self.group_norm(x, w, 3, int(n[1]), n[2])), w, 5, size)
    i = 11
    for block in range(int(n[5])):
      y = self.norm_tokens(h, w, i, n[4])
      if len(n) > 6:
        h = self.onto(self.attend_shared(y, w, i + 2, heads, size, int(n[6]), n[7]), h)
      else:
        h = self.onto(self.attend(y, y, w, i + 2, heads, size, size, False), h)
      y = self.norm_tokens(h, w, i + 26, n[4])
      h = self.onto(self.attend(y, context, w, i + 28, heads, size, none, False), h)
      y = self.linear(self.norm_tokens(h, w, i + 52, n[4]), w, i + 54, size)
      parts = torch.chunk(y, 2, -1)
      y = torch.gelu(parts[1])
      if y.requires_grad:
        y = parts[0] * y
      else:
        y = y.mul_(parts[0])
      h = self.onto(self.linear(y, w, i + 60, size), h)
      i = i + 66
    return self.onto(self.picture(self.linear(h, w, i, size), x), x)

  # ---- autoencoders -------------------------------------------------------------------------------------------------

  # numbers: type, groups, eps, heads; group_norm 3, q 5, k 11, v 17, out 23
  def picture_attention(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    size = [x.shape[2], x.shape[3]]
    h = self.tokens(self.group_norm(x, w, 3, int(n[1]), n[2]))
    return self.onto(self.picture(self.attend(h, h, w, 5, int(n[3]), size, size, False), x), x)

  # numbers: type; layer 3 or none; gives mean and log-variance, float32
  def moments(self, x: Tensor, w: List[Tensor]) -> List[Tensor]:
    n : List[float] = w[0].tolist()
    if w[3].numel() > 0:
      x = self.conv(self.enter(x, n[0]), w, 3, 1, 0)
    parts = torch.chunk(self.leave(x), 2, 1)
    return [parts[0].contiguous(), torch.clamp(parts[1], -30., 20.)]

  # numbers: type; layers 3, 9, 15, skip 21
  def tiny_block(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    h = torch.relu(self.conv(x, w, 3, 1, 1))
    h = torch.relu(self.conv(h, w, 9, 1, 1))
    h = self.conv(h, w, 15, 1, 1)
    if w[21].numel() > 0:
      x = self.conv(x, w, 21, 1, 0)
    return torch.relu(h + x)

  # numbers: type; layer 3; pictures in [-1, 1]
  def tiny_encode_in(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return self.conv(self.enter((x + 1) / 2, n[0]), w, 3, 1, 1)

  # numbers: type; layer 3
  def tiny_decode_in(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return torch.relu(self.conv(self.enter(torch.tanh(x / 3) * 3, n[0]), w, 3, 1, 1))

  # numbers: type; layer 3; gives pictures in [-1, 1], unclipped
  def tiny_decode_out(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return self.leave(self.conv(self.enter(x, n[0]), w, 3, 1, 1)) * 2 - 1

  # ---- text ---------------------------------------------------------------------------------------------------------

  # ids: (rows, tokens) int64; token table 3, position table 4; float32
  def text_embedding(self, ids: Tensor, w: List[Tensor]) -> Tensor:
    return torch.embedding(w[3], ids) + w[4][:ids.shape[1]]

  # The same where ids past the table are rows of more.
  def text_embedding_more(self, ids: Tensor, more: Tensor, w: List[Tensor]) -> Tensor:
    n = w[3].shape[0]
    known = torch.embedding(w[3], torch.clamp(ids, 0, n - 1))
    learned = torch.embedding(more, torch.clamp(ids - n, 0))
    return torch.where((ids >= n)[:, :, None], learned, known) + w[4][:ids.shape[1]]

  # numbers: type, eps; norm 3; float32
  def text_out(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return self.norm_tokens(x.to(6), w, 3, n[1])

  # ---- encoders of text and pictures --------------------------------------------------------------------------------

  # numbers: type, heads, eps, 1 for gelu and 0 for quick_gelu, whether tokens see only those before; norm1 3, q 5, k 11,
  # v 17, out 23, norm2 29, fc1 31, fc2 37, scales of the two sums 43 and 44 or none
  def encoder_layer(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    none = annotate(List[int], [])
    x = self.enter(x, n[0])
    h = self.norm_tokens(x, w, 3, n[2])
    y = self.attend(h, h, w, 5, int(n[1]), none, none, n[4] != 0.)
    if w[43].numel() > 0:
      y = y * w[43].to(y.dtype)
    x = x + y
    h = self.linear(self.norm_tokens(x, w, 29, n[2]), w, 31, none)
    if n[3] != 0.:
      h = torch.gelu(h)
    else:
      h = h * torch.sigmoid(1.702 * h)
    y = self.linear(h, w, 37, none)
    if w[44].numel() > 0:
      y = y * w[44].to(y.dtype)
    return x + y

  # Positions learned on a square grid, for a grid of another size; the first belongs to the class token.
  def positions(self, table: Tensor, rows: int, columns: int) -> Tensor:
    table = table.flatten(0, -2)
    side = int((table.shape[0] - 1) ** 0.5 + 0.5)
    if rows == side and columns == side:
      return table
    grid = table[1:].reshape([1, side, side, table.shape[1]]).permute([0, 3, 1, 2])
    grid = torch.upsample_bicubic2d(grid, [rows, columns], False, None, None)
    return torch.cat([table[:1], grid.flatten(2)[0].transpose(0, 1)], 0)

  # x: (rows, 3, h, w); numbers: type, side of a patch, eps; patches 3, class token 9, positions 10, norm 11 or none
  def patch_embedding(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    y = self.conv(self.enter(x, n[0]), w, 3, int(n[1]), 0)
    p = self.positions(w[10], y.shape[2], y.shape[3])
    first = w[9].reshape([1, 1, y.shape[1]]).expand([y.shape[0], 1, y.shape[1]])
    y = torch.cat([first.to(y.dtype), self.tokens(y)], 1) + p.to(y.dtype)
    if w[11].numel() > 0:
      y = self.norm_tokens(y, w, 11, n[2])
    return y

  # numbers: type, eps; norm 3, projection 5 or none; the first token alone, float32
  def class_token_out(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    y = self.norm_tokens(x[:, :1].to(6), w, 3, n[1])
    if w[5].numel() > 0:
      y = self.linear(y.to(int(n[0])), w, 5, annotate(List[int], []))
    return y[:, 0].to(6).contiguous()

  # ---- pixels that move ---------------------------------------------------------------------------------------------

  # x: pictures; move: (rows or 1, 2, h, w) in pixels, where each pixel is fetched from; cubic, borders continued
  def warp(self, x: Tensor, move: Tensor) -> Tensor:
    h = x.shape[2]
    w = x.shape[3]
    columns = torch.arange(w, dtype=6, device=x.device)[None, None, :] + move[:, 0]
    rows = torch.arange(h, dtype=6, device=x.device)[None, :, None] + move[:, 1]
    grid = torch.stack([2 * columns / max(w - 1, 1) - 1, 2 * rows / max(h - 1, 1) - 1], 3)
    return torch.grid_sampler(x, grid.expand([x.shape[0], h, w, 2]), 2, 1, True)

  # ---- pixels for vision networks -----------------------------------------------------------------------------------

  # size: height, width, whether bicubic and not bilinear; float32
  def resize_antialiased(self, x: Tensor, size: Tensor) -> Tensor:
    n : List[int] = size.tolist()
    if n[2] != 0:
      return torch._upsample_bicubic2d_aa(x, [n[0], n[1]], False, None, None)
    else:
      return torch._upsample_bilinear2d_aa(x, [n[0], n[1]], False, None, None)

  # x: pictures in [-1, 1]; statistics: (2, 3) mean and deviation of values in [0, 1]; size: height and width of the middle
  # that is cut out, black where the picture is smaller, or 0 for all
  def crop_and_normalise(self, x: Tensor, statistics: Tensor, size: Tensor) -> Tensor:
    n : List[int] = size.tolist()
    if n[0] > 0:
      h = n[0] - x.shape[2]
      w = n[1] - x.shape[3]
      top = max(h, 0) // 2
      left = max(w, 0) // 2
      if h > 0 or w > 0:
        x = torch.constant_pad_nd(x, [left, max(w, 0) - left, top, max(h, 0) - top], -1.)
      y0 = (x.shape[2] - n[0]) // 2
      x0 = (x.shape[3] - n[1]) // 2
      x = x[:, :, y0:y0 + n[0], x0:x0 + n[1]]
    return ((x + 1) / 2 - statistics[0][None, :, None, None]) / statistics[1][None, :, None, None]

  # ---- LPIPS --------------------------------------------------------------------------------------------------------

  # The statistics of ImageNet for pictures in [-1, 1].
  def lpips_in(self, x: Tensor) -> Tensor:
    shift = torch.tensor([-0.030, -0.088, -0.188], dtype=6, device=x.device)[None, :, None, None]
    scale = torch.tensor([0.458, 0.448, 0.450], dtype=6, device=x.device)[None, :, None, None]
    return (x - shift) / scale

  # numbers: stride, padding, whether to pool first, side of what is pooled by steps of 2; weight 0, bias 1
  def lpips_layer(self, x: Tensor, numbers: Tensor, w: List[Tensor]) -> Tensor:
    n : List[int] = numbers.tolist()
    if n[2] != 0:
      x = torch.max_pool2d(x, [n[3], n[3]], [2, 2])
    return torch.relu(torch.conv2d(x, w[0], w[1], [n[0], n[0]], [n[1], n[1]]))

  # Where all features are 0 their root has no gradient: the square of the usual 1e-10 under it changes no value.
  def unit_features(self, x: Tensor) -> Tensor:
    return x / (torch.sqrt(torch.sum(x * x, [1], True) + 1e-20) + 1e-10)

  # channels: (1, c, 1, 1); gives (rows)
  def lpips_difference(self, x: Tensor, y: Tensor, channels: Tensor) -> Tensor:
    d = self.unit_features(x) - self.unit_features(y)
    return torch.mean(torch.sum(d * d * channels, [1]), [1, 2])

  # ---- adapter ------------------------------------------------------------------------------------------------------

  # numbers: type, downscale factor; layer 3
  def adapter_in(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    return self.conv(self.enter(torch.pixel_unshuffle(x, int(n[1])), n[0]), w, 3, 1, 1)

  # numbers: type, whether to halve the size, residual blocks; in_conv 3, then block1 and block2 of each; float32
  def adapter_block(self, x: Tensor, w: List[Tensor]) -> Tensor:
    n : List[float] = w[0].tolist()
    x = self.enter(x, n[0])
    if n[1] != 0.:
      x = torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], True)
    if w[3].numel() > 0:
      x = self.conv(x, w, 3, 1, 0)
    i = 9
    for block in range(int(n[2])):
      h = self.conv(torch.relu(self.conv(x, w, i, 1, 1)), w, i + 6, 1, 0)
      x = x + h
      i = i + 12
    return x.to(6)
