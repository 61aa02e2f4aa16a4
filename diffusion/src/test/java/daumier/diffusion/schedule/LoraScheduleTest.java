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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.8",
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
                "1,2",
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
