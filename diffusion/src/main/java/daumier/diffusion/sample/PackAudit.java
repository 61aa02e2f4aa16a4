package daumier.diffusion.sample;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the weights of a component are whole, found by building it without reading a tensor.
 *
 * @param component unet, vae or text_encoder
 * @param missing keys that it needs and the files do not have
 * @param misfits keys of other shapes than it needs
 * @param leftOver keys of the files that no component uses
 * @param problem one sentence why it could not be built at all, or an empty text
 */
public record PackAudit(
        String component,
        Set<String> missing,
        Set<String> misfits,
        Set<String> leftOver,
        String problem) {

    private interface Build {
        Object build(PackSource.Opener opener, Kernels kernels);
    }

    /** Whether nothing is missing. */
    public boolean whole() {
        return missing.isEmpty() && misfits.isEmpty() && problem.isEmpty();
    }

    /**
     * Audits U-Net, autoencoder and text encoder of a pack.
     *
     * @param pack a folder in the diffusers layout or a single-file checkpoint
     * @throws PackException if it is neither
     */
    public static List<PackAudit> of(Path pack) {
        PackSource source = PackSource.at(pack);
        List<PackAudit> audits = new ArrayList<>();
        try (Kernels kernels = Kernels.load(Device.cpu())) {
            audits.add(
                    audit(
                            "unet",
                            (opener, k) ->
                                    source.unet(
                                            opener, (c, w) -> UNet2DConditionModel.create(c, w, k)),
                            kernels));
            audits.add(audit("vae", source::vae, kernels));
            audits.add(
                    audit(
                            "text_encoder",
                            (opener, k) ->
                                    source.textEncoder(
                                            opener, (c, w) -> ClipTextModel.create(c, w, k)),
                            kernels));
        }
        return Files.isRegularFile(pack) ? ofOneFile(audits) : audits;
    }

    private static PackAudit audit(String component, Build build, Kernels kernels) {
        Weights[] opened = new Weights[1];
        String problem = "";
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            PackSource.Opener opener =
                    path -> {
                        opened[0] = audited(path, manager);
                        return opened[0];
                    };
            try {
                build.build(opener, kernels);
            } catch (IllegalArgumentException e) {
                problem = e.getMessage();
            }
            if (opened[0] == null) {
                return new PackAudit(component, Set.of(), Set.of(), Set.of(), problem);
            }
            Set<String> leftOver = new TreeSet<>(opened[0].unused());
            leftOver.removeIf(key -> key.endsWith("position_ids"));
            return new PackAudit(
                    component, opened[0].missing(), opened[0].misfits(), leftOver, problem);
        }
    }

    private static Weights audited(Path path, NDManager manager) throws IOException {
        return Weights.audited(path, manager);
    }

    /** In one file, what one component leaves is often another's. */
    private static List<PackAudit> ofOneFile(List<PackAudit> audits) {
        Set<String> common = new TreeSet<>(audits.get(0).leftOver());
        audits.forEach(a -> common.retainAll(a.leftOver()));
        List<PackAudit> result = new ArrayList<>();
        for (PackAudit a : audits) {
            result.add(
                    new PackAudit(
                            a.component(),
                            a.missing(),
                            a.misfits(),
                            result.isEmpty() ? common : Set.of(),
                            a.problem()));
        }
        return result;
    }
}
