package daumier.diffusion.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.nn.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a vision network wants its pixels: resized, cut out of the middle, normalised by channel.
 *
 * @param filter of resizing, or null to keep the size
 * @param shortest what the shorter side is resized to, in pixels; 0 where {@code width} and {@code
 *     height} say both
 * @param width after resizing, if {@code shortest} is 0
 * @param height after resizing, if {@code shortest} is 0
 * @param cropWidth width of what is cut out; 0 for all
 * @param cropHeight height of what is cut out; 0 for all
 * @param mean of the channels, of values in [0, 1]
 * @param std of the channels
 */
record ImageProcessor(
        Resampling filter,
        int shortest,
        int width,
        int height,
        int cropWidth,
        int cropHeight,
        float[] mean,
        float[] std) {
    /** The statistics of CLIP's training pictures. */
    static final float[] CLIP_MEAN = {0.48145467f, 0.4578275f, 0.40821072f};

    /** The statistics of CLIP's training pictures. */
    static final float[] CLIP_STD = {0.26862955f, 0.2613026f, 0.2757771f};

    /** The statistics of ImageNet, on which most other networks were trained. */
    static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};

    /** The statistics of ImageNet. */
    static final float[] IMAGENET_STD = {0.229f, 0.224f, 0.225f};

    /** CLIP's own, for pictures of that side. */
    static ImageProcessor clip(int side) {
        return new ImageProcessor(Resampling.BICUBIC, side, 0, 0, side, side, CLIP_MEAN, CLIP_STD);
    }

    /** The middle of a picture whose shorter side is an eighth longer, normalised as ImageNet. */
    static ImageProcessor imageNet(int side) {
        return new ImageProcessor(
                Resampling.BICUBIC, side * 8 / 7, 0, 0, side, side, IMAGENET_MEAN, IMAGENET_STD);
    }

    /**
     * Reads {@code preprocessor_config.json} of a model's folder, under the names of transformers.
     *
     * @param usual where the folder has none, and for what it does not say
     * @throws IOException if it cannot be read, or wants what is not done here
     */
    static ImageProcessor read(Path folder, ImageProcessor usual) throws IOException {
        Path file = folder.resolve("preprocessor_config.json");
        if (!Files.exists(file)) {
            return usual;
        }
        try {
            return of(JsonParser.parseString(Files.readString(file)).getAsJsonObject(), usual);
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | IllegalArgumentException e) {
            throw new IOException(
                    "%s is not what transformers writes for pictures (%s)."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static ImageProcessor of(JsonObject json, ImageProcessor usual) {
        boolean resizes = flag(json, "do_resize", usual.filter() != null);
        boolean crops = flag(json, "do_center_crop", usual.cropWidth() > 0 && !isVit(json));
        boolean normalizes = flag(json, "do_normalize", true);
        if (!flag(json, "do_rescale", true)) {
            throw new IllegalArgumentException("do_rescale is false");
        }
        Size size =
                size(json.get("size"), isVit(json))
                        .or(new Size(usual.shortest(), usual.width(), usual.height()));
        Size crop =
                size(json.get("crop_size"), true)
                        .or(new Size(0, usual.cropWidth(), usual.cropHeight()));
        return new ImageProcessor(
                resizes ? filter(json.get("resample"), usual.filter()) : null,
                size.shortest(),
                size.width(),
                size.height(),
                crops ? crop.width() : 0,
                crops ? crop.height() : 0,
                normalizes ? three(json.get("image_mean"), usual.mean()) : new float[3],
                normalizes ? three(json.get("image_std"), usual.std()) : new float[] {1, 1, 1});
    }

    /** ViT's processors take a single size as both sides, all others as the shorter one. */
    private static boolean isVit(JsonObject json) {
        for (String key : new String[] {"image_processor_type", "feature_extractor_type"}) {
            if (json.has(key) && json.get(key).getAsString().startsWith("ViT")) {
                return true;
            }
        }
        return false;
    }

    private static boolean flag(JsonObject json, String name, boolean absent) {
        boolean there = json.has(name) && !json.get(name).isJsonNull();
        return there ? json.get(name).getAsBoolean() : absent;
    }

    private record Size(int shortest, int width, int height) {
        Size or(Size other) {
            return shortest == 0 && width == 0 ? other : this;
        }
    }

    private static Size size(JsonElement json, boolean square) {
        if (json == null || json.isJsonNull()) {
            return new Size(0, 0, 0);
        }
        if (json.isJsonPrimitive()) {
            int side = json.getAsInt();
            return square ? new Size(0, side, side) : new Size(side, 0, 0);
        }
        JsonObject sides = json.getAsJsonObject();
        if (sides.has("shortest_edge")) {
            return new Size(sides.get("shortest_edge").getAsInt(), 0, 0);
        }
        if (!sides.has("width") || !sides.has("height")) {
            throw new IllegalArgumentException("a size names neither shortest_edge nor both sides");
        }
        return new Size(0, sides.get("width").getAsInt(), sides.get("height").getAsInt());
    }

    private static Resampling filter(JsonElement code, Resampling usual) {
        if (code == null || code.isJsonNull()) {
            return usual == null ? Resampling.BICUBIC : usual;
        }
        return switch (code.getAsInt()) { // Pillow's numbers
            case 2 -> Resampling.BILINEAR;
            case 3 -> Resampling.BICUBIC;
            default -> throw new IllegalArgumentException("resample is " + code);
        };
    }

    private static float[] three(JsonElement json, float[] usual) {
        if (json == null || json.isJsonNull()) {
            return usual;
        }
        JsonArray array = json.getAsJsonArray();
        if (array.size() != 3) {
            throw new IllegalArgumentException("a mean or deviation has not three values");
        }
        float[] values = new float[3];
        for (int i = 0; i < 3; i++) {
            values[i] = array.get(i).getAsFloat();
        }
        return values;
    }

    /** The size that a picture is resized to: width and height. */
    private int[] resized(int w, int h) {
        if (filter == null) {
            return new int[] {w, h};
        }
        if (shortest == 0) {
            return new int[] {width, height};
        }
        int longer = (int) ((double) shortest * Math.max(w, h) / Math.min(w, h));
        return w <= h ? new int[] {shortest, longer} : new int[] {longer, shortest};
    }

    /**
     * Pixels for the network, exactly as the processor makes them of 8-bit pictures.
     *
     * @param pictures (rows, 3, H, W) in [-1, 1]
     * @return (rows, 3, h, w), with the pictures' manager
     */
    NDArray prepare(NDArray pictures, Kernels kernels) {
        NDManager outside = pictures.getManager();
        Shape shape = pictures.getShape();
        int w = (int) shape.get(3);
        int h = (int) shape.get(2);
        int[] to = resized(w, h);
        float[] values = pictures.toFloatArray();
        float[] small = new float[(int) (shape.get(0) * 3 * to[0] * to[1])];
        int[] plane = new int[w * h];
        for (int p = 0; p < shape.get(0) * 3; p++) {
            for (int i = 0; i < plane.length; i++) {
                float level = Math.round((values[p * plane.length + i] + 1) * 127.5f);
                plane[i] = (int) Math.max(0, Math.min(255, level));
            }
            int[] scaled = filter == null ? plane : filter.resize(plane, w, h, to[0], to[1]);
            for (int i = 0; i < scaled.length; i++) {
                small[p * scaled.length + i] = scaled[i] / 127.5f - 1;
            }
        }
        try (NDManager scratch = outside.newSubManager()) {
            NDArray resized = scratch.create(small, new Shape(shape.get(0), 3, to[1], to[0]));
            NDArray pixels = normalised(resized, kernels);
            pixels.attach(outside);
            return pixels;
        }
    }

    /**
     * The same without rounding, so that gradients pass.
     *
     * @param pictures (rows, 3, H, W) in about [-1, 1]
     * @return (rows, 3, h, w), with the pictures' manager
     */
    NDArray prepareSmoothly(NDArray pictures, Kernels kernels) {
        Shape shape = pictures.getShape();
        int[] to = resized((int) shape.get(3), (int) shape.get(2));
        if (to[0] == shape.get(3) && to[1] == shape.get(2)) {
            return normalised(pictures, kernels);
        }
        try (NDManager numbers = pictures.getManager().newSubManager()) {
            NDArray size =
                    numbers.create(new long[] {to[1], to[0], filter == Resampling.BICUBIC ? 1 : 0});
            return normalised(kernels.call("resize_antialiased", pictures, size), kernels);
        }
    }

    private NDArray normalised(NDArray pictures, Kernels kernels) {
        try (NDManager own = pictures.getManager().newSubManager()) {
            NDArray statistics = NDArrays.stack(new NDList(own.create(mean), own.create(std)));
            NDArray crop = own.create(new long[] {cropHeight, cropWidth});
            return kernels.call("crop_and_normalise", pictures, statistics, crop);
        }
    }
}
