package daumier.cli.lora;

import daumier.cli.UserException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a LoRA is trained.
 *
 * @param name what it is called in its metadata
 * @param trigger its trigger word, empty for none
 * @param rank of every layer's pair, at least 1
 * @param alpha its strength is alpha / rank
 * @param steps of the optimiser
 * @param batch pictures a step
 * @param learningRate height of the plateau
 * @param seed of everything
 */
record LoraRecipe(
        String name,
        String trigger,
        int rank,
        double alpha,
        long steps,
        int batch,
        double learningRate,
        long seed) {
    /** Checks the ranges. */
    LoraRecipe {
        require(rank >= 1 && rank <= 1024, "--rank must be 1 to 1024");
        require(alpha > 0 && Double.isFinite(alpha), "--alpha must be above 0");
        require(steps >= 1, "--steps must be at least 1");
        require(batch >= 1, "--batch must be at least 1");
        require(learningRate > 0 && learningRate < 1, "--learning-rate must lie in (0, 1)");
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new UserException(sentence + ".");
        }
    }

    /** What the file says of itself, by the names of kohya and of modelspec. */
    Map<String, String> metadata(int pictures, int side) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("ss_network_dim", Integer.toString(rank));
        metadata.put("ss_network_alpha", Double.toString(alpha));
        metadata.put("ss_steps", Long.toString(steps));
        metadata.put("ss_learning_rate", Double.toString(learningRate));
        metadata.put("ss_total_batch_size", Integer.toString(batch));
        metadata.put("ss_num_train_images", Integer.toString(pictures));
        metadata.put("ss_resolution", "(%d, %d)".formatted(side, side));
        metadata.put("ss_seed", Long.toString(seed));
        metadata.put("ss_output_name", name);
        metadata.put("modelspec.title", name);
        if (!trigger.isEmpty()) {
            metadata.put("modelspec.trigger_phrase", trigger);
        }
        return metadata;
    }
}
