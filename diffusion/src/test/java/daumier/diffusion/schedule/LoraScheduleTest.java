package daumier.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraScheduleTest {
    @Test
    void partsHaveTheirOwnWeights() {
        LoraSchedule schedule = LoraSchedule.parse("0.2@0,0.6@1, te=0.5,down.1=0,up=0.3@0;0.9@1");
        Map<String, Float> half = schedule.byPrefix(0.5);
        assertEquals(3, half.size());
        assertEquals(0.4, half.get(""), 1e-6);
        assertEquals(0, half.get("down_blocks.1."));
        assertEquals(0.6, half.get("up_blocks."), 1e-6);
        assertEquals(0.5, schedule.teAt(0.7));
    }

    @Test
    void whatIsNotNamedIsOne() {
        LoraSchedule schedule = LoraSchedule.parse("down=0.5,mid=1,up=0.3@0;0.9@1");
        assertEquals(1f, schedule.byPrefix(0).get(""));
        assertEquals(0.5f, schedule.byPrefix(0).get("down_blocks."));
        assertEquals(1f, schedule.byPrefix(0).get("mid_block."));
    }

    @Test
    void withoutAWeightTheTextIsEncodedAtTheFirstStep() {
        LoraSchedule schedule = LoraSchedule.parse("ramp(0.3,0.7)");
        assertEquals(0.3, schedule.teAt(1));
    }

    @Test
    void theFormOfLoractl() {
        assertEquals(
                LoraSchedule.parse("0.2@0,1@0.5,te=0.4"),
                LoraSchedule.parse("te=0.4:unet=0.2@0;1@0.5"));
    }

    /** The cases of loractl's own tests of params_to_weights. */
    @Test
    void namesAndPlacesAsInLoractl() {
        assertWeights("1.0", "1", "1");
        assertWeights("0.5@0,1@1:hr=0.6", "0.5@0,1@1", "0.5");
        assertWeights("te=0.5@0,1@1", "0.5@0,1@1", "0.5@0,1@1");
        assertWeights("unet=0.5@0,1@1", "0.5@0,1@1", "1");
        assertWeights("unet=0.5@0,1@1:hrte=0.5", "0.5@0,1@1", "1");
        assertWeights("hr=0.6:hrte=0.5", "1", "1");
        assertWeights("0.8@0.15,0@0.3:hr=0", "0.8@0.15,0@0.3", "0.8");
        assertWeights("1:0@5,1@6", "0@5,1@6", "1");
        assertWeights("0.4:0.8", "0.8", "0.4");
        assertWeights("0.4:unet=0.8", "0.8", "0.4");
        assertWeights("0.8:te=0.4", "0.4", "0.4");
        assertWeights("0@0,1@1;hr=1@0,0@1", "0@0,1@1", "0");
    }

    private static void assertWeights(String text, String unet, String te) {
        LoraSchedule schedule = LoraSchedule.parse(text);
        assertEquals(WeightSchedule.parse(unet), schedule.unet(), text);
        LoraSchedule counted = schedule.forSteps(20);
        for (double progress : new double[] {0, 0.3, 1}) {
            assertEquals(
                    WeightSchedule.parse(te).forSteps(20).at(te.contains("@") ? progress : 0),
                    counted.teAt(progress),
                    text);
        }
        assertEquals(schedule, LoraSchedule.parse(schedule.toString()), text);
        assertEquals(schedule, LoraSchedule.parse(schedule.webText()), text);
    }

    @Test
    void weightsOfASecondPassAreKept() {
        LoraSchedule schedule = LoraSchedule.parse("0.5:hr=1@0,0@1:hrte=0.2");
        assertEquals(WeightSchedule.parse("1@0,0@1"), schedule.highRes().get("hr"));
        assertEquals("0.5,hr=1@0,0@1,hrte=0.2", schedule.toString());
        assertEquals("0.5:hr=1@0,0@1:hrte=0.2", schedule.webText());
        assertEquals("te=0.4:unet=0.8:up=0.3", LoraSchedule.parse("0.8,te=0.4,up=0.3").webText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.8",
                "0.5@3,1@6,te=0@0,1@12",
                "0.3@0,0.7@1,te=0.5",
                "cosine(0,1),te=ramp(0,1),down=0.5,down.1=0,mid=1,up=0.3@0,0.9@1",
                "1,up_blocks.1.attentions.0=0.5"
            })
    void textRoundTrips(String text) {
        LoraSchedule schedule = LoraSchedule.parse(text);
        assertEquals(text, schedule.toString());
        assertEquals(schedule, LoraSchedule.parse(schedule.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "te=",
                "side=1",
                "1,x",
                "1:2:3",
                "1:dyn=64",
                "1:",
                "te=1:te=2",
                "te=1,te=2",
                "0.5,unet=1",
                "down.x=1",
                "=1",
                "up.=1"
            })
    void unreadableTextIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> LoraSchedule.parse(text));
    }
}
