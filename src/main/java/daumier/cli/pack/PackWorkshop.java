package daumier.cli.pack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.nn.T2IAdapterConfig;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.sample.NoiseSchedule;
import daumier.diffusion.sample.SchedulerConfig;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.train.Networks;
import daumier.diffusion.train.Objective;
import daumier.diffusion.train.OptimizerKernel;
import daumier.diffusion.train.TrainingLoop;
import daumier.diffusion.train.TrainingPlan;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/** What the stages of a training share: where things lie, and how networks are read and trained. */
final class PackWorkshop implements AutoCloseable {
    private static final int CONDITION_CHANNELS = 13;
    static final int SIZE = 128;

    private final PackFolder pack;
    private final Path work;
    private final PackBudget budget;
    private final long seed;
    private final StageProgress progress;
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Kernels kernels = Kernels.load(Device.cpu());
    private final OptimizerKernel optimizer = new OptimizerKernel(Device.cpu());
    private final TrainingLoop loop = new TrainingLoop(optimizer, manager);

    PackWorkshop(Path packFolder, Path work, PackBudget budget, long seed, StageProgress progress)
            throws IOException {
        this.pack = new PackFolder(packFolder);
        this.work = work;
        this.budget = budget;
        this.seed = seed;
        this.progress = progress;
        Files.createDirectories(work);
        pack.writeTemplate();
    }

    PackFolder pack() {
        return pack;
    }

    /** Folder of what is not part of the pack: examples, checkpoints. */
    Path work() {
        return work;
    }

    PackBudget budget() {
        return budget;
    }

    long seed() {
        return seed;
    }

    StageProgress progress() {
        return progress;
    }

    NDManager manager() {
        return manager;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Trains from the checkpoint, if there is one; true when all steps are done. */
    boolean train(
            String name,
            Objective objective,
            SortedMap<String, NDArray> parameters,
            TrainingPlan plan)
            throws IOException {
        Path checkpoint = work.resolve("checkpoint-" + name + ".safetensors");
        boolean done = loop.run(objective, parameters, plan, checkpoint, progress);
        if (done) {
            Files.deleteIfExists(checkpoint);
        }
        return done;
    }

    /** Photographs with their maps. */
    ExampleStore photographs() throws IOException {
        return ExampleStore.open(work.resolve("photographs"), SIZE, CONDITION_CHANNELS);
    }

    /** Pictures in all looks. */
    ExampleStore looks() throws IOException {
        return ExampleStore.open(work.resolve("looks"), SIZE, 0);
    }

    /** The autoencoder as the pack holds it. */
    AutoencoderKL readVae(NDManager scope) throws IOException {
        Path folder = pack.folder(PackFolder.VAE);
        return AutoencoderKL.create(VaeConfig.read(folder), Weights.open(folder, scope), kernels);
    }

    /** U-Net, text encoder and adapter as the pack holds them. */
    Networks readNetworks(NDManager scope) throws IOException {
        return networks(
                Weights.open(pack.folder(PackFolder.UNET), scope),
                Weights.open(pack.folder(PackFolder.TEXT), scope),
                Weights.open(pack.folder(PackFolder.ADAPTER), scope));
    }

    /** Those of the pack's configuration with these weights. */
    Networks networks(Weights unet, Weights text, Weights adapter) throws IOException {
        NoiseSchedule schedule =
                NoiseSchedule.of(
                        SchedulerConfig.read(
                                pack.folder("scheduler").resolve("scheduler_config.json")));
        return new Networks(
                UNet2DConditionModel.create(
                        UNetConfig.read(pack.folder(PackFolder.UNET)), unet, kernels),
                ClipTextModel.create(
                        ClipTextConfig.read(pack.folder(PackFolder.TEXT)), text, kernels),
                ClipTokenizer.open(pack.folder("tokenizer")),
                T2IAdapter.create(
                        T2IAdapterConfig.read(pack.folder(PackFolder.ADAPTER)), adapter, kernels),
                schedule,
                true,
                Precision.BF16);
    }

    @Override
    public void close() {
        optimizer.close();
        kernels.close();
        manager.close();
    }
}
