package daumier.cli.serve;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import daumier.cli.Version;
import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.EnvironmentContractException;
import daumier.env.LaneReset;
import daumier.env.VectorEnvironment;
import daumier.env.VectorReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.faces.Picture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Serves lanes of an environment over a pair of streams. A request is one line with one JSON
 * object, and so is its reply, which repeats the request's {@code id}:
 *
 * <pre>
 * {"id":1,"method":"hello"}
 *     lanes, version, protocol, observation_space and action_space {low, high, parts}
 * {"id":2,"method":"reset","lanes":[{"lane":0,"seed":7,"episode":3}, ...]}
 *     observations of all lanes, infos; seed and episode (a fixed one by number) may be missing
 * {"id":3,"method":"step","actions":[[...], null, ...]}
 *     observations, rewards, terminated, truncated, infos; an ended lane takes null, and waits for
 *     its reset
 * {"id":4,"method":"render","lane":0}
 *     width, height and rgb in base64: the portrait as foreseen, before the first step the sitter
 * {"id":5,"method":"close"}
 *     the last reply; the end of the input ends the server too
 * </pre>
 *
 * <p>A request that cannot be served is answered by {@code {"id":..,"error":{"type":..,
 * "message":..}}}: type {@code contract} where the caller broke the environment's rules and may go
 * on, {@code failure} where the environment itself failed, after which the server ends.
 */
public final class EnvServer {
    /** The version of this protocol. */
    public static final int PROTOCOL = 1;

    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private final VectorEnvironment<double[]> lanes;
    private final Scene scene;
    private final EpisodeSpec[] begun;
    private final Picture[] shown;
    private final boolean[] waiting;

    /**
     * A server of lanes, which stay the caller's.
     *
     * @param lanes that do not reset themselves
     * @param scene of the episodes
     */
    public EnvServer(VectorEnvironment<double[]> lanes, Scene scene) {
        if (lanes.autoresetMode() != AutoresetMode.DISABLED) {
            throw new IllegalArgumentException("A server's lanes must not reset themselves.");
        }
        this.lanes = lanes;
        this.scene = scene;
        begun = new EpisodeSpec[lanes.lanes()];
        shown = new Picture[lanes.lanes()];
        waiting = new boolean[lanes.lanes()];
    }

    /**
     * Serves requests until one asks to close, or the input ends.
     *
     * @param in requests
     * @param out replies, flushed one by one
     * @throws IOException when a stream fails
     */
    public void serve(BufferedReader in, Writer out) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            JsonElement id = JsonNull.INSTANCE;
            try {
                JsonObject request = parse(line);
                id = request.has("id") ? request.get("id") : id;
                boolean closes = "close".equals(method(request));
                JsonObject reply = closes ? new JsonObject() : answer(request);
                send(out, id, reply);
                if (closes) {
                    return;
                }
            } catch (EnvironmentContractException | IllegalArgumentException e) {
                send(out, id, error("contract", e));
            } catch (RuntimeException e) {
                send(out, id, error("failure", e));
                throw e;
            }
        }
    }

    private static JsonObject parse(String line) {
        try {
            if (JsonParser.parseString(line) instanceof JsonObject request) {
                return request;
            }
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("A request must be a JSON object on one line.", e);
        }
        throw new IllegalArgumentException("A request must be a JSON object on one line.");
    }

    private static String method(JsonObject request) {
        return request.get("method") instanceof JsonPrimitive name ? name.getAsString() : "";
    }

    private JsonObject answer(JsonObject request) {
        return switch (method(request)) {
            case "hello" -> hello();
            case "reset" -> reset(request);
            case "step" -> step(request);
            case "render" -> render(request);
            default ->
                    throw new IllegalArgumentException(
                            "There is no method '%s', only hello, reset, step, render and close."
                                    .formatted(method(request)));
        };
    }

    private JsonObject hello() {
        JsonObject reply = new JsonObject();
        reply.addProperty("protocol", PROTOCOL);
        reply.addProperty("version", Version.number());
        reply.addProperty("lanes", lanes.lanes());
        reply.add("observation_space", space(lanes.observationSpace()));
        reply.add("action_space", space((Box) lanes.actionSpace()));
        return reply;
    }

    private static JsonObject space(Box box) {
        JsonObject json = new JsonObject();
        json.add("low", InfoJson.array(box.low()));
        json.add("high", InfoJson.array(box.high()));
        JsonObject parts = new JsonObject();
        box.parts().forEach(part -> parts.addProperty(part.name(), part.size()));
        json.add("parts", parts);
        return json;
    }

    private JsonObject reset(JsonObject request) {
        List<LaneReset> resets = new ArrayList<>();
        for (JsonElement element : array(request, "lanes")) {
            if (!(element instanceof JsonObject wish)) {
                throw new IllegalArgumentException("A lane's reset is an object with its 'lane'.");
            }
            OptionalLong episode = whole(wish, "episode");
            resets.add(
                    new LaneReset(
                            lane(wish),
                            whole(wish, "seed"),
                            episode.isEmpty()
                                    ? Map.of()
                                    : Map.of(
                                            CaricatureVectorEnvironment.EPISODE,
                                            scene.numbered(number(episode.getAsLong())))));
        }
        VectorReset fresh = lanes.reset(resets);
        for (LaneReset reset : resets) {
            int i = reset.lane();
            waiting[i] = false;
            shown[i] = null;
            begun[i] =
                    fresh.infos().get(i).get(CaricatureVectorEnvironment.EPISODE)
                                    instanceof EpisodeSpec spec
                            ? spec
                            : null;
        }
        JsonObject reply = new JsonObject();
        reply.add("observations", rows(fresh.observations()));
        reply.add("infos", infos(fresh.infos()));
        return reply;
    }

    private static int number(long episode) {
        if (episode < 0 || episode > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("An episode's number must be 0 or more.");
        }
        return (int) episode;
    }

    private JsonObject step(JsonObject request) {
        JsonArray given = array(request, "actions");
        if (given.size() != lanes.lanes()) {
            throw new EnvironmentContractException(
                    "Give one action a lane: %d, not %d.".formatted(lanes.lanes(), given.size()));
        }
        List<double[]> actions = new ArrayList<>();
        int size = lanes.actionSpace() instanceof Box box ? box.size() : 0;
        for (int i = 0; i < given.size(); i++) {
            // A bad action is refused before any lane has moved.
            actions.add(waiting[i] ? null : action(given.get(i), size, i));
        }
        VectorStep step = lanes.step(actions);
        JsonArray rewards = new JsonArray();
        JsonArray terminated = new JsonArray();
        JsonArray truncated = new JsonArray();
        for (int i = 0; i < step.lanes(); i++) {
            rewards.add(step.rewards()[i]);
            terminated.add(step.terminated()[i]);
            truncated.add(step.truncated()[i]);
            waiting[i] |= step.ended(i);
            if (step.infos().get(i).get(CaricatureVectorEnvironment.PREVIEW)
                    instanceof Picture preview) {
                shown[i] = preview;
            }
        }
        JsonObject reply = new JsonObject();
        reply.add("observations", rows(step.observations()));
        reply.add("rewards", rewards);
        reply.add("terminated", terminated);
        reply.add("truncated", truncated);
        reply.add("infos", infos(step.infos()));
        return reply;
    }

    private static double[] action(JsonElement element, int size, int lane) {
        if (!(element instanceof JsonArray values) || values.size() != size) {
            throw new EnvironmentContractException(
                    "The action of lane %d must be a list of %d numbers.".formatted(lane, size));
        }
        double[] action = new double[size];
        for (int i = 0; i < size; i++) {
            if (!values.get(i).isJsonPrimitive()
                    || !values.get(i).getAsJsonPrimitive().isNumber()
                    || !Double.isFinite(values.get(i).getAsDouble())) {
                throw new EnvironmentContractException(
                        "Value %d of the action of lane %d is no number.".formatted(i, lane));
            }
            action[i] = values.get(i).getAsDouble();
        }
        return action;
    }

    private JsonObject render(JsonObject request) {
        int lane = lane(request);
        if (begun[lane] == null) {
            throw new EnvironmentContractException(
                    "There is nothing to show of this lane yet: reset it first.");
        }
        Picture picture = shown[lane] == null ? scene.sitter(begun[lane]) : shown[lane];
        JsonObject reply = new JsonObject();
        reply.addProperty("width", picture.width());
        reply.addProperty("height", picture.height());
        reply.addProperty("rgb", Base64.getEncoder().encodeToString(picture.rgb()));
        return reply;
    }

    private int lane(JsonObject request) {
        long lane = whole(request, "lane").orElse(-1);
        if (lane < 0 || lane >= lanes.lanes()) {
            throw new IllegalArgumentException(
                    "'lane' must be 0 to %d.".formatted(lanes.lanes() - 1));
        }
        return (int) lane;
    }

    /** A whole number, or nothing where it is missing or null. */
    private static OptionalLong whole(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(value.getAsBigDecimal().longValueExact());
        } catch (ArithmeticException | NumberFormatException | UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "'%s' must be a whole number of at most 64 bits.".formatted(key), e);
        }
    }

    private static JsonArray array(JsonObject request, String key) {
        if (request.get(key) instanceof JsonArray array) {
            return array;
        }
        throw new IllegalArgumentException("The request needs a list '%s'.".formatted(key));
    }

    private static JsonArray rows(double[][] values) {
        JsonArray rows = new JsonArray();
        for (double[] row : values) {
            rows.add(InfoJson.array(row));
        }
        return rows;
    }

    private static JsonArray infos(List<Map<String, Object>> infos) {
        JsonArray all = new JsonArray();
        infos.forEach(info -> all.add(InfoJson.of(info)));
        return all;
    }

    private static JsonObject error(String type, RuntimeException e) {
        JsonObject error = new JsonObject();
        error.addProperty("type", type);
        error.addProperty("message", e.getMessage() == null ? e.toString() : e.getMessage());
        JsonObject reply = new JsonObject();
        reply.add("error", error);
        return reply;
    }

    private static void send(Writer out, JsonElement id, JsonObject reply) throws IOException {
        reply.add("id", id);
        out.write(GSON.toJson(reply));
        out.write('\n');
        out.flush();
    }
}
