package daumier.tests;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds of the machine; 0 where the system does not tell. */
final class ProcessFigures {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessFigures() {}

    /** Resident memory in bytes, the native libraries' included. */
    static long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException e) {
            return 0; // no Linux
        }
        return 0;
    }

    /** Open files, pipes and sockets. */
    static long handles() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
