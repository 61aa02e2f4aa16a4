package daumier.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.LaneReset;
import daumier.env.Space;
import daumier.env.VectorEnvironment;
import daumier.env.VectorReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.faces.Picture;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The protocol, line by line, on lanes that count to two. */
final class EnvServerTest {
    private final Counting lanes = new Counting();

    /** Serves these requests and gives the replies. */
    private List<JsonObject> serve(String... requests) throws IOException {
        StringWriter out = new StringWriter();
        new EnvServer(lanes, new OneSitter())
                .serve(new BufferedReader(new StringReader(String.join("\n", requests))), out);
        return out.toString()
                .lines()
                .map(l -> JsonParser.parseString(l).getAsJsonObject())
                .toList();
    }

    private static String error(JsonObject reply, String type) {
        JsonObject error = reply.getAsJsonObject("error");
        assertEquals(type, error.get("type").getAsString());
        return error.get("message").getAsString();
    }

    @Test
    void helloDescribesTheSpaces() throws IOException {
        JsonObject hello = serve("{\"id\":7,\"method\":\"hello\"}").get(0);
        assertEquals(7, hello.get("id").getAsInt());
        assertEquals(EnvServer.PROTOCOL, hello.get("protocol").getAsInt());
        assertEquals(2, hello.get("lanes").getAsInt());
        JsonObject actions = hello.getAsJsonObject("action_space");
        assertEquals("[-1.0,-1.0]", actions.get("low").toString());
        assertEquals("{\"push\":2}", actions.get("parts").toString());
    }

    @Test
    void anEpisodeFromResetToReset() throws IOException {
        List<JsonObject> replies =
                serve(
                        "{\"id\":1,\"method\":\"reset\",\"lanes\":[{\"lane\":0,\"seed\":5},"
                                + "{\"lane\":1,\"seed\":null,\"episode\":3}]}",
                        "{\"id\":2,\"method\":\"step\",\"actions\":[[0,1],[0.5,-1]]}",
                        "{\"id\":3,\"method\":\"step\",\"actions\":[[0,1],[0.5,-1]]}",
                        "",
                        "{\"id\":4,\"method\":\"step\",\"actions\":[null,null]}",
                        "{\"id\":5,\"method\":\"reset\",\"lanes\":[{\"lane\":1}]}",
                        "{\"id\":6,\"method\":\"close\"}",
                        "{\"id\":7,\"method\":\"hello\"}");
        assertEquals(6, replies.size(), "nothing is answered after the close");
        JsonObject begun = replies.get(0);
        assertEquals("[[0.0,5.0],[0.0,0.0]]", begun.get("observations").toString());
        JsonObject info = begun.getAsJsonArray("infos").get(1).getAsJsonObject();
        assertEquals("ink 3", info.getAsJsonObject("episode").get("lora").getAsString());
        JsonObject step = replies.get(1);
        assertEquals("[1.0,-0.5]", step.get("rewards").toString());
        assertEquals("[false,false]", step.get("terminated").toString());
        assertEquals(
                "{\"terms\":{\"style\":0.5}}",
                step.getAsJsonArray("infos").get(0).toString(),
                "pictures and numbers without an end are left out");
        assertEquals("[true,true]", replies.get(2).get("terminated").toString());
        assertEquals("[0.0,0.0]", replies.get(3).get("rewards").toString());
        assertEquals("[[2.0,5.0],[0.0,0.0]]", replies.get(4).get("observations").toString());
        assertEquals("{\"id\":6}", replies.get(5).toString());
    }

    @Test
    void mistakesAreToldAndTheEpisodeGoesOn() throws IOException {
        List<JsonObject> replies =
                serve(
                        "no JSON",
                        "{\"id\":1,\"method\":\"dance\"}",
                        "{\"id\":2,\"method\":\"render\",\"lane\":0}",
                        "{\"id\":3,\"method\":\"reset\",\"lanes\":[{\"lane\":2}]}",
                        "{\"id\":4,\"method\":\"reset\",\"lanes\":[{\"lane\":0,\"seed\":1.5}]}",
                        "{\"id\":5,\"method\":\"reset\",\"lanes\":[{\"lane\":0},{\"lane\":1}]}",
                        "{\"id\":6,\"method\":\"step\",\"actions\":[[0,0]]}",
                        "{\"id\":7,\"method\":\"step\",\"actions\":[[0,0],[0,\"a\"]]}",
                        "{\"id\":8,\"method\":\"step\",\"actions\":[[0,0],[0,0,0]]}",
                        "{\"id\":9,\"method\":\"step\",\"actions\":[[0,0],[0,0]]}");
        assertTrue(replies.get(0).get("id").isJsonNull());
        error(replies.get(0), "contract");
        assertTrue(error(replies.get(1), "contract").contains("dance"));
        assertTrue(error(replies.get(2), "contract").contains("reset"));
        assertTrue(error(replies.get(3), "contract").contains("0 to 1"));
        assertTrue(error(replies.get(4), "contract").contains("whole number"));
        assertFalse(replies.get(5).has("error"));
        assertTrue(error(replies.get(6), "contract").contains("one action a lane"));
        assertTrue(error(replies.get(7), "contract").contains("no number"));
        assertTrue(error(replies.get(8), "contract").contains("2 numbers"));
        assertEquals(
                "[[1.0,0.0],[1.0,0.0]]",
                replies.get(9).get("observations").toString(),
                "refused actions moved nothing");
    }

    @Test
    void aFailureIsToldBeforeTheServerEnds() {
        StringWriter out = new StringWriter();
        String requests =
                """
                {"id":1,"method":"reset","lanes":[{"lane":0},{"lane":1}]}
                {"id":2,"method":"step","actions":[[0.25,0],[0,0]]}
                """;
        EnvServer server = new EnvServer(lanes, new OneSitter());
        assertThrows(
                IllegalStateException.class,
                () -> server.serve(new BufferedReader(new StringReader(requests)), out));
        String last = out.toString().lines().reduce((a, b) -> b).orElseThrow();
        assertEquals("broken", error(JsonParser.parseString(last).getAsJsonObject(), "failure"));
    }

    @Test
    void theSitterIsShownUntilThereIsAPreview() throws IOException {
        List<JsonObject> replies =
                serve(
                        "{\"id\":1,\"method\":\"reset\",\"lanes\":[{\"lane\":0},{\"lane\":1}]}",
                        "{\"id\":2,\"method\":\"render\",\"lane\":1}",
                        "{\"id\":3,\"method\":\"step\",\"actions\":[[0,0],[0,0]]}",
                        "{\"id\":4,\"method\":\"render\",\"lane\":1}");
        byte[] sitter = Base64.getDecoder().decode(replies.get(1).get("rgb").getAsString());
        assertEquals(9, sitter[0]);
        assertEquals(2, replies.get(1).get("width").getAsInt());
        byte[] preview = Base64.getDecoder().decode(replies.get(3).get("rgb").getAsString());
        assertEquals(1, preview[0]);
    }

    private static Picture grey(int value) {
        byte[] rgb = new byte[2 * 1 * 3];
        Arrays.fill(rgb, (byte) value);
        return new Picture(2, 1, rgb);
    }

    private static final class OneSitter implements Scene {
        @Override
        public EpisodeSpec numbered(int number) {
            double[] intent = {1, 0, 0, 0, 0, 0};
            return EpisodeSpec.of(Subject.mean(), View.neutral(), intent, "ink " + number, number);
        }

        @Override
        public Picture sitter(EpisodeSpec episode) {
            return grey(9);
        }
    }

    /** Two lanes; an observation is the count and the seed, the reward the sum of an action. */
    private static final class Counting implements VectorEnvironment<double[]> {
        private static final int END = 2;
        private final double[][] state = new double[2][2];

        @Override
        public int lanes() {
            return 2;
        }

        @Override
        public Box observationSpace() {
            return Box.builder().part("count", 1, 0, END).part("seed", 1, 0, 9).build();
        }

        @Override
        public Space<double[]> actionSpace() {
            return Box.of("push", 2, -1, 1);
        }

        @Override
        public AutoresetMode autoresetMode() {
            return AutoresetMode.DISABLED;
        }

        @Override
        public VectorReset reset(List<LaneReset> resets) {
            List<Map<String, Object>> infos = new ArrayList<>(Collections.nCopies(2, Map.of()));
            for (LaneReset reset : resets) {
                state[reset.lane()] = new double[] {0, reset.seed().orElse(0)};
                Object named = reset.options().get(CaricatureVectorEnvironment.EPISODE);
                infos.set(
                        reset.lane(),
                        Map.of(
                                CaricatureVectorEnvironment.EPISODE,
                                named == null ? new OneSitter().numbered(0) : named));
            }
            return new VectorReset(state.clone(), infos);
        }

        @Override
        public VectorStep step(List<double[]> actions) {
            double[] rewards = new double[2];
            boolean[] terminated = new boolean[2];
            boolean[] parked = new boolean[2];
            List<Map<String, Object>> infos = new ArrayList<>(Collections.nCopies(2, Map.of()));
            for (int i = 0; i < 2; i++) {
                parked[i] = state[i][0] >= END;
                if (!parked[i]) {
                    double[] action = actions.get(i);
                    if (action[0] == 0.25) {
                        throw new IllegalStateException("broken");
                    }
                    state[i] = new double[] {state[i][0] + 1, state[i][1]};
                    rewards[i] = action[0] + action[1];
                    terminated[i] = state[i][0] == END;
                    infos.set(
                            i,
                            Map.of(
                                    "terms",
                                    Map.of("style", 0.5),
                                    "composite",
                                    Double.NaN,
                                    CaricatureVectorEnvironment.PREVIEW,
                                    grey((int) state[i][0])));
                }
            }
            return new VectorStep(
                    state.clone(),
                    rewards,
                    terminated,
                    new boolean[2],
                    infos,
                    state.clone(),
                    Collections.nCopies(2, Map.of()),
                    parked);
        }

        @Override
        public void close() {
            Arrays.fill(state, new double[2]);
        }
    }
}
