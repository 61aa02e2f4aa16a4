package daumier.diffusion.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TriggerWordsTest {
    private static Optional<String> counted(String json) {
        return TriggerWords.of(Map.of("ss_tag_frequency", json));
    }

    @Test
    void thePhraseGoesFirst() {
        assertEquals(
                Optional.of("inkpen style"),
                TriggerWords.of(
                        Map.of(
                                "modelspec.trigger_phrase",
                                " inkpen style ",
                                "ss_tag_frequency",
                                "{\"10_x\": {\"other\": 9}}")));
    }

    @Test
    void elseTheTagThatIsCountedMostOften() {
        assertEquals(
                Optional.of("inkpen"),
                counted("{\"10_a\": {\"inkpen\": 30, \"man\": 12}, \"5_b\": {\"woman\": 20}}"));
    }

    @Test
    void nothingWhereItIsNotClear() {
        assertEquals(Optional.empty(), counted("{\"a\": {\"man\": 30, \"portrait\": 30}}"));
        assertEquals(Optional.empty(), counted("{\"a\": {\"man\": 1}}"));
        assertEquals(Optional.empty(), counted("{\"a\": [1, 2], \"b\": {\"c\": \"d\"}}"));
        assertEquals(Optional.empty(), counted("no JSON {"));
        assertEquals(Optional.empty(), TriggerWords.of(Map.of()));
    }
}
