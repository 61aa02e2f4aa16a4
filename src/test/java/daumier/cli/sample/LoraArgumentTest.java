package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How a LoRA is named with its schedule. */
final class LoraArgumentTest {
    @Test
    void anEqualsSignDividesFileAndSchedule() {
        LoraArgument.Converter converter = new LoraArgument.Converter();
        assertEquals("a=b.safetensors", converter.convert("a=b.safetensors=0.5").file());
        assertEquals("style", converter.convert("style=te=0.5,up=1").file());
        assertEquals("1", converter.convert("style").schedule().toString());
        assertEquals("style", converter.convert("/x/style.safetensors=0.5").name());
    }
}
