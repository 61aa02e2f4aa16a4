package daumier.cli.pack;

import java.io.IOException;
import java.io.OutputStream;

/** Writes everything twice: to the console, and to the log that the card reads times from. */
final class LogTee extends OutputStream {
    private final OutputStream console;
    private final OutputStream log;

    /** Both stay the caller's. */
    LogTee(OutputStream console, OutputStream log) {
        this.console = console;
        this.log = log;
    }

    @Override
    public void write(int b) throws IOException {
        console.write(b);
        log.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        console.write(bytes, from, count);
        log.write(bytes, from, count);
    }

    @Override
    public void flush() throws IOException {
        console.flush();
        log.flush();
    }
}
