package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Precision;
import org.junit.jupiter.api.Test;

class EstimateEditTest {
    @Test
    void warpPullsAlongTheFieldWithoutBlurring() {
        try (Pack pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
                NDManager manager = NDManager.newBaseManager()) {
            EstimateEdit edit = new EstimateEdit(pack);
            NDArray picture = manager.arange(12f).reshape(1, 1, 3, 4);
            NDArray field = manager.zeros(new Shape(1, 2, 3, 4));
            assertArrayEquals(
                    picture.toFloatArray(), edit.warp(picture, field).toFloatArray(), 1e-5f);
            field.set(new NDIndex(":,0"), 1f);
            field.set(new NDIndex(":,1"), 1f);
            assertArrayEquals(
                    new float[] {5, 6, 7, 7, 9, 10, 11, 11, 9, 10, 11, 11},
                    edit.warp(picture, field).toFloatArray(),
                    1e-5f);
            NDArray wave = manager.arange(64f).mul(0.9f).sin().reshape(1, 1, 1, 64);
            NDArray tall = NDArrays.concat(new NDList(wave, wave, wave), 2).reshape(1, 1, 3, 64);
            NDArray half = manager.zeros(new Shape(1, 2, 3, 64));
            half.set(new NDIndex(":,0"), 0.5f);
            float[] moved = edit.warp(tall, half).toFloatArray();
            for (int x = 2; x < 60; x++) {
                assertEquals(Math.sin(0.9 * (x + 0.5)), moved[x], 0.05);
            }
            NDArray wrong = manager.zeros(new Shape(1, 2, 3, 3));
            assertThrows(IllegalArgumentException.class, () -> edit.warp(picture, wrong));
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
                try (SamplingState known = edit.apply(state, decoded, p -> edit.warp(p, field))) {
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
