package daumier.diffusion.weights;

import java.nio.file.Path;
import java.util.List;

/** Files of pickled tensors, which are programs and are therefore never opened. */
final class Pickles {

    private static final List<String> ENDINGS = List.of(".ckpt", ".pt", ".pth", ".bin", ".pkl");

    private Pickles() {}

    static boolean isPickle(String lowerCaseName) {
        return ENDINGS.stream().anyMatch(lowerCaseName::endsWith);
    }

    static SafetensorsException refusal(Path path) {
        return new SafetensorsException(
                ("%s is a Python pickle, which can run any program when it is opened, so it is not"
                                + " read; convert it where you trust it: python -c \"import torch,"
                                + " safetensors.torch as s; d = torch.load('%s', weights_only=True);"
                                + " s.save_file({k: v.contiguous() for k, v in d.get('state_dict',"
                                + " d).items()}, 'model.safetensors')\".")
                        .formatted(path, path.getFileName()));
    }
}
