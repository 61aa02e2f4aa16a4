package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Precision;
import org.junit.jupiter.api.Test;

class EstimateEditTest {
    @Test
    void warpPullsAlongTheField() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray picture = manager.arange(12f).reshape(1, 1, 3, 4);
            NDArray field = manager.zeros(new Shape(1, 2, 3, 4));
            assertArrayEquals(
                    picture.toFloatArray(), EstimateEdit.warp(picture, field).toFloatArray());
            field.set(new ai.djl.ndarray.index.NDIndex(":,0"), 0.5f);
            field.set(new ai.djl.ndarray.index.NDIndex(":,1"), 1f);
            assertArrayEquals(
                    new float[] {4.5f, 5.5f, 6.5f, 7, 8.5f, 9.5f, 10.5f, 11, 8.5f, 9.5f, 10.5f, 11},
                    EstimateEdit.warp(picture, field).toFloatArray(),
                    1e-6f);
            NDArray wrong = manager.zeros(new Shape(1, 2, 3, 3));
            assertThrows(IllegalArgumentException.class, () -> EstimateEdit.warp(picture, wrong));
        }
    }

    @Test
    void noChangeIsNoneAndAWarpMovesTheEstimateAndTheLatentsAlike() {
        try (Pack pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
                NDManager manager = NDManager.newBaseManager()) {
            Sampler sampler = pack.sampler("ddim");
            NoiseLevel first = sampler.level(900);
            Shape row = pack.latentShape(16, 16);
            Denoiser denoiser = new AnalyticDenoiser(PredictionType.V_PREDICTION);
            EstimateEdit edit = new EstimateEdit(pack);
            try (SamplingState start = SamplingState.fromNoise(manager, sampler, first, row, 1, 2);
                    SamplingState state = sampler.step(start, denoiser, sampler.level(400));
                    SamplingState same = edit.apply(state, manager.zeros(new Shape(1, 2, 16, 16)));
                    SamplingState moved =
                            edit.apply(state, manager.ones(new Shape(1, 2, 16, 16)).mul(3))) {
                assertThrows(
                        IllegalStateException.class,
                        () -> edit.apply(start, manager.zeros(new Shape(1, 2, 16, 16))));
                Goldens.assertClose(
                        state.latents().toFloatArray(), same.latents(), 1e-5, "no warp");
                NDArray x0 = moved.x0().orElseThrow().sub(state.x0().orElseThrow());
                NDArray latents = moved.latents().sub(state.latents());
                assertTrue(x0.abs().max().getFloat() > 0.01);
                NDArray decoded = pack.decode(state.x0().orElseThrow());
                NDArray field = manager.ones(new Shape(1, 2, 16, 16)).mul(3);
                try (SamplingState known =
                        edit.apply(state, decoded, p -> EstimateEdit.warp(p, field))) {
                    assertArrayEquals(
                            moved.latents().toFloatArray(), known.latents().toFloatArray());
                }
                try (NDArray one = decoded.get("0:1")) {
                    assertThrows(
                            IllegalArgumentException.class, () -> edit.apply(state, one, p -> p));
                }
                Goldens.assertClose(
                        x0.mul((float) state.at().get(0).alpha()).toFloatArray(),
                        latents,
                        1e-4,
                        "latents");
            }
        }
    }
}
