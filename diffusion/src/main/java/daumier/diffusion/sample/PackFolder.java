package daumier.diffusion.sample;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pack in the diffusers layout. */
final class PackFolder extends PackSource {
    /** A folder in the diffusers layout; refuses anything else. */
    PackFolder(Path path) {
        super(path);
        Path index = path.resolve("model_index.json");
        if (!Files.isRegularFile(index)) {
            throw new PackException(
                    path
                            + " is no pack: it has no model_index.json (the diffusers layout), and"
                            + " is no single-file checkpoint.");
        }
        try {
            JsonElement json = JsonParser.parseString(Files.readString(index));
            JsonElement name =
                    json.isJsonObject() ? json.getAsJsonObject().get("_class_name") : null;
            String kind = name == null ? "" : name.getAsString();
            if (kind.contains("XL") || kind.contains("3") || kind.startsWith("Flux")) {
                throw new PackException(
                        path + " is a " + kind + ", but only Stable Diffusion 1.x is supported.");
            }
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new PackException(index + " is no sound model index: " + e.getMessage(), e);
        }
    }

    @Override
    SchedulerConfig schedulerConfig() {
        return read("scheduler", f -> SchedulerConfig.read(f.resolve("scheduler_config.json")));
    }

    @Override
    Path folder(String component) {
        return path().resolve(component);
    }

    @Override
    UNetConfig unetConfig() {
        return read("unet", UNetConfig::read);
    }

    @Override
    VaeConfig vaeConfig() {
        return read("vae", VaeConfig::read);
    }

    @Override
    UNet2DConditionModel unet(Opener opener, UNetMaker maker) {
        return read("unet", f -> maker.make(UNetConfig.read(f), opener.open(f)));
    }

    @Override
    AutoencoderKL vae(Opener opener, Kernels kernels) {
        return read("vae", f -> AutoencoderKL.create(VaeConfig.read(f), opener.open(f), kernels));
    }

    @Override
    ClipTextModel textEncoder(Opener opener, TextMaker maker) {
        return read("text_encoder", f -> maker.make(ClipTextConfig.read(f), opener.open(f)));
    }

    @Override
    ClipTokenizer tokenizer() {
        return read("tokenizer", ClipTokenizer::open);
    }

    /** Reads a component's folder. */
    private <T> T read(String component, Reader<T> reader) {
        Path folder = folder(component);
        if (!Files.isDirectory(folder)) {
            throw new PackException("The pack " + path() + " has no folder " + component + ".");
        }
        return timed(folder, reader);
    }
}
