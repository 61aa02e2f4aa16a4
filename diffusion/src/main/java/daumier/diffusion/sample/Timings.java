package daumier.diffusion.sample;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the time of a generation went.
 *
 * @param loadSeconds reading the pack's components
 * @param stepSeconds each sampling step, guidance included
 * @param decodeSeconds latents to pictures
 * @param totalSeconds all of it
 * @param peakRssBytes the process's largest resident memory so far; -1 where the system does not
 *     say
 */
public record Timings(
        double loadSeconds,
        List<Double> stepSeconds,
        double decodeSeconds,
        double totalSeconds,
        long peakRssBytes) {
    /** The timings as JSON with the keys {@code load_seconds}, {@code step_seconds} and so on. */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("load_seconds", loadSeconds);
        JsonArray steps = new JsonArray();
        stepSeconds.forEach(steps::add);
        json.add("step_seconds", steps);
        json.addProperty("decode_seconds", decodeSeconds);
        json.addProperty("total_seconds", totalSeconds);
        json.addProperty("peak_rss_bytes", peakRssBytes);
        return new GsonBuilder().setPrettyPrinting().create().toJson(json);
    }

    /** The process's largest resident memory so far in bytes; -1 where the system does not say. */
    public static long peakRss() {
        Path status = Path.of("/proc/self/status");
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            return -1;
        } catch (IOException e) {
            return -1; // not Linux
        }
    }
}
