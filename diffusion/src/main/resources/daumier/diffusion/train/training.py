class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def adamw(self: __torch__.Kernels,
    h: List[float],
    p: List[Tensor],
    m: List[Tensor],
    v: List[Tensor],
    e: List[Tensor]) -> Tensor:
    total = torch.zeros([1], dtype=6, layout=None, device=ops.prim.device(p[0]))
    for i in range(torch.len(p)):
      g = ops.prim.grad(p[i])
      total = torch.add(total, torch.sum(torch.mul(g, g)))
    norm = torch.sqrt(total)
    clip = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 9.9999999999999995e-07)), h[7]), None, 1.)
    for j in range(torch.len(p)):
      d = ops.prim.grad(p[j])
      _0 = torch.mul_(d, clip)
      _1 = torch.add_(torch.mul_(m[j], h[1]), d, alpha=torch.sub(1., h[1]))
      _2 = torch.addcmul_(torch.mul_(v[j], h[2]), d, d, value=torch.sub(1., h[2]))
      root = torch.add_(torch.sqrt(torch.div(v[j], h[6])), h[3])
      shrink = torch.sub(1., torch.mul(h[0], h[4]))
      _3 = torch.addcdiv_(torch.mul_(p[j], shrink), m[j], root, value=torch.div(torch.neg(h[0]), h[5]))
      _4 = torch.zero_(d)
      if torch.gt(torch.len(e), 0):
        _5 = torch.lerp_(e[j], p[j], torch.sub(1., h[8]))
      else:
        pass
    return norm
