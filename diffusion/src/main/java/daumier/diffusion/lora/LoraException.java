package daumier.diffusion.lora;

import java.io.IOException;

/** A LoRA file that cannot be used with the model; the message is one sentence with the reason. */
public final class LoraException extends IOException {

    private static final long serialVersionUID = 1L;

    /** An exception with that sentence. */
    public LoraException(String message) {
        super(message);
    }
}
