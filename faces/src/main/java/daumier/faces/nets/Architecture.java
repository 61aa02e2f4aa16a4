package daumier.faces.nets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A feed-forward convolutional network as text, one layer an entry, so that a file says itself what
 * it holds:
 *
 * <ul>
 *   <li>{@code halve}: mean over 2x2 pixels
 *   <li>{@code block C K S}: convolution to C channels, kernel K, stride S, batch norm, ReLU
 *   <li>{@code residual}: {@code relu(x + norm(conv(relu(norm(conv(x))))))}, 3x3, same channels
 *   <li>{@code mean}: mean over the positions; {@code flatten}: (b, c, h, w) to (b, c h w)
 *   <li>{@code linear N}, {@code relu}, {@code dropout P} (training only)
 * </ul>
 *
 * @param channels channels of the input
 * @param height rows of the input
 * @param width columns of the input
 * @param layers the layers in order
 */
public record Architecture(int channels, int height, int width, List<String> layers) {
    /** One parsed layer with the sizes it meets: {@code arguments} are those of the text. */
    record LayerSpec(String kind, double[] arguments, int inChannels, int inHeight, int inWidth) {
        int argument(int i) {
            return (int) arguments[i];
        }

        int inSize() {
            return inChannels * inHeight * inWidth;
        }
    }

    /** Copies the list and checks that every layer can be read. */
    public Architecture {
        layers = List.copyOf(layers);
        parse(channels, height, width, layers);
    }

    /** The layers with the sizes of their inputs. */
    List<LayerSpec> parsed() {
        return parse(channels, height, width, layers);
    }

    /** How many values come out for each row. */
    public int outputs() {
        List<LayerSpec> all = parsed();
        LayerSpec last = all.get(all.size() - 1);
        return last.kind().equals("linear") ? last.argument(0) : last.inSize();
    }

    private static List<LayerSpec> parse(int channels, int height, int width, List<String> text) {
        List<LayerSpec> parsed = new ArrayList<>();
        int c = channels;
        int h = height;
        int w = width;
        for (String line : text) {
            String[] words = line.trim().split("\\s+", -1);
            String kind = words[0].toLowerCase(Locale.ROOT);
            double[] arguments = new double[words.length - 1];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = Double.parseDouble(words[i + 1]);
            }
            parsed.add(new LayerSpec(kind, arguments, c, h, w));
            int wanted;
            switch (kind) {
                case "halve" -> {
                    wanted = 0;
                    h /= 2;
                    w /= 2;
                }
                case "block" -> {
                    wanted = 3;
                    if (arguments.length == wanted) {
                        int kernel = (int) arguments[1];
                        int stride = (int) arguments[2];
                        c = (int) arguments[0];
                        h = (h + 2 * (kernel / 2) - kernel) / stride + 1;
                        w = (w + 2 * (kernel / 2) - kernel) / stride + 1;
                    }
                }
                case "residual", "relu" -> wanted = 0;
                case "dropout" -> wanted = 1;
                case "mean" -> {
                    wanted = 0;
                    h = 1;
                    w = 1;
                }
                case "flatten" -> {
                    wanted = 0;
                    c = c * h * w;
                    h = 1;
                    w = 1;
                }
                case "linear" -> {
                    wanted = 1;
                    if (arguments.length == wanted) {
                        c = (int) arguments[0];
                    }
                }
                default ->
                        throw new IllegalArgumentException(
                                "\"" + line + "\" is no layer of a face network.");
            }
            if (arguments.length != wanted || c < 1 || h < 1 || w < 1) {
                throw new IllegalArgumentException(
                        "\"" + line + "\" has the wrong numbers for a layer of a face network.");
            }
        }
        if (parsed.isEmpty()) {
            throw new IllegalArgumentException("A face network needs at least one layer.");
        }
        return parsed;
    }
}
