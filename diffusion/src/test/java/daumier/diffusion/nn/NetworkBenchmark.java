package daumier.diffusion.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import daumier.diffusion.weights.Weights;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/** Times the embedded pack's U-Net and autoencoder. One thread: OMP_NUM_THREADS=1. */
final class NetworkBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String UNET =
            """
            {"block_out_channels": [64, 128, 192], "layers_per_block": 1,
             "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
             "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
             "attention_head_dim": 4, "cross_attention_dim": 128, "norm_num_groups": 16, "use_linear_projection": true}""";
    private static final String VAE =
            """
            {"block_out_channels": [32, 64, 64], "layers_per_block": 1, "norm_num_groups": 16,
             "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
             "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]}""";

    private final Kernels kernels = Kernels.load(Device.cpu());
    private final NDManager manager = NDManager.newBaseManager();
    private final UNet2DConditionModel unet =
            UNet2DConditionModel.create(
                    UNetConfig.parse(UNET), Weights.initial(manager.newSubManager(), 1), kernels);
    private final AutoencoderKL vae =
            AutoencoderKL.create(
                    VaeConfig.parse(VAE), Weights.initial(manager.newSubManager(), 2), kernels);

    public static void main(String[] args) {
        new NetworkBenchmark().run();
    }

    private void run() {
        long parameters =
                unet.parameters().values().stream().mapToLong(a -> a.getShape().size()).sum();
        System.out.printf(Locale.ROOT, "U-Net of %.2f M parameters%n", parameters / 1e6);
        for (Precision precision : Precision.values()) {
            Forward plain = Forward.in(precision);
            for (int batch : new int[] {1, 8, 16}) {
                time("U-Net forward", precision, batch, () -> forward(batch, plain).close());
            }
            int lora = unet.lora().attachTrainable("x", 8, 8, t -> true, 1);
            unet.lora().setTrainable(lora, false);
            Forward withLora = plain.withLora(LoraScales.of(0.7f));
            for (int batch : new int[] {1, 8}) {
                time(
                        "U-Net forward, LoRA rank 8 on all",
                        precision,
                        batch,
                        () -> forward(batch, withLora).close());
            }
            unet.lora().setTrainable(lora, true);
            time(
                    "U-Net forward + backward, LoRA only",
                    precision,
                    16,
                    () -> backward(16, withLora));
            unet.lora().clear();
            setTrainable(true);
            time("U-Net forward + backward", precision, 16, () -> backward(16, plain));
            setTrainable(false);
            time("VAE decode 128x128", precision, 8, () -> decode(8, precision));
        }
    }

    private void setTrainable(boolean trainable) {
        unet.parameters().values().forEach(a -> a.setRequiresGradient(trainable));
    }

    private NDArray forward(int batch, Forward f) {
        try (NDManager sub = manager.newSubManager()) {
            NDArray x = sub.randomNormal(new Shape(batch, 4, 32, 32));
            NDArray t = sub.full(new Shape(batch), 500f);
            NDArray text = sub.randomNormal(new Shape(batch, 32, 128));
            NDArray y = unet.forward(x, t, text, f);
            y.attach(manager);
            return y;
        }
    }

    private void backward(int batch, Forward f) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector();
                NDArray y = forward(batch, f);
                NDArray loss = y.square();
                NDArray mean = loss.mean()) {
            collector.backward(mean);
        }
    }

    private void decode(int batch, Precision precision) {
        try (NDManager sub = manager.newSubManager()) {
            vae.decode(sub.randomNormal(new Shape(batch, 4, 32, 32)), precision);
        }
    }

    /**
     * Time of the calling thread on the processor too: on a busy machine only that one means
     * something.
     */
    private static void time(String what, Precision precision, int batch, Runnable work) {
        work.run();
        double[] wall = new double[5];
        double[] processor = new double[5];
        for (int i = 0; i < wall.length; i++) {
            long start = System.nanoTime();
            long startOnProcessor = THREADS.getCurrentThreadCpuTime();
            work.run();
            wall[i] = (System.nanoTime() - start) / 1e6;
            processor[i] = (THREADS.getCurrentThreadCpuTime() - startOnProcessor) / 1e6;
        }
        Arrays.sort(wall);
        Arrays.sort(processor);
        System.out.printf(
                Locale.ROOT,
                "%-36s %s batch %2d: median %7.1f ms, on the processor median %7.1f ms, best %7.1f ms%n",
                what,
                precision,
                batch,
                wall[2],
                processor[2],
                processor[0]);
    }
}
