package org.consentgateway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one test. One run of one sipp scenario of {@code resources/sipp} against a SIP
 * server. Playing audio needs a raw socket, that is root or CAP_NET_RAW.
 */
public final class Sipp {
    private static final String PROGRAM = "sipp";

    private static final int PORTS_EACH = 20;

    /** So many may run side by side: each has its own RTP ports. */
    private static final int SIDE_BY_SIDE = (RtpPorts.PHONES - RtpPorts.SIPP) / PORTS_EACH;

    private static final AtomicInteger RUNS = new AtomicInteger();

    private final String scenario;
    private final InetSocketAddress target;
    private final Map<String, String> settings = new HashMap<>();
    private String called = "+4930123456";
    private String caller = "+491701234567";
    private String local = "127.0.0.1";
    private boolean tcp;
    private int calls = 1;
    private int perSecond = 10;
    private int patienceSeconds = 60;
    private @Nullable CallerAudio audio;

    /**
     * @param succeeded whether every call went as the scenario says
     * @param errors what sipp noted where not
     */
    public record Result(boolean succeeded, String errors) {}

    /**
     * @param scenario file name without its ending
     */
    public Sipp(String scenario, InetSocketAddress target) {
        this.scenario = scenario;
        this.target = target;
    }

    public Sipp calling(String number) {
        called = number;
        return this;
    }

    public Sipp as(String number) {
        caller = number;
        return this;
    }

    /** From this address of the machine. */
    public Sipp from(String address) {
        local = address;
        return this;
    }

    public Sipp overTcp() {
        tcp = true;
        return this;
    }

    public Sipp calls(int number, int startedPerSecond) {
        calls = number;
        perSecond = startedPerSecond;
        return this;
    }

    /** Where the scenario names it: milliseconds. */
    public Sipp set(String name, int millis) {
        settings.put(name, Integer.toString(millis));
        return this;
    }

    /** What is said and pressed; where none is given, silence as long as the talk. */
    public Sipp saying(CallerAudio said) {
        audio = said;
        return this;
    }

    public Sipp patience(int seconds) {
        patienceSeconds = seconds;
        return this;
    }

    public Result run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sipp");
        try {
            return run(folder);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private Result run(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve(scenario + ".xml");
        try (InputStream in = Sipp.class.getResourceAsStream("/sipp/" + scenario + ".xml")) {
            if (in == null) {
                throw new IOException("no scenario " + scenario);
            }
            Files.copy(in, file);
        }
        CallerAudio said =
                audio != null
                        ? audio
                        : new CallerAudio()
                                .silence(
                                        Integer.parseInt(settings.getOrDefault("opening", "0"))
                                                + Integer.parseInt(
                                                        settings.getOrDefault("talk", "20")));
        said.write(folder.resolve("caller.pcap"));
        Path output = folder.resolve("output.txt");
        Process process =
                new ProcessBuilder(command(file))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(patienceSeconds + 5L, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new Result(false, "sipp did not end in " + patienceSeconds + " s");
        }
        return new Result(process.exitValue() == 0, errors(folder, process.exitValue(), output));
    }

    private List<String> command(Path file) {
        int number = RUNS.incrementAndGet();
        String run = "sipp-" + number + "-";
        for (int call = 1; call <= calls; call++) {
            PlacedCalls.note(caller, run + call);
        }
        List<String> command =
                new ArrayList<>(
                        List.of(
                                PROGRAM,
                                bracketed(target.getAddress()) + ":" + target.getPort(),
                                "-sf",
                                file.toString(),
                                "-i",
                                local,
                                "-mi",
                                local,
                                "-mp",
                                Integer.toString(
                                        RtpPorts.SIPP + PORTS_EACH * (number % SIDE_BY_SIDE)),
                                "-t",
                                tcp ? "t1" : "u1",
                                "-m",
                                Integer.toString(calls),
                                "-l",
                                Integer.toString(calls),
                                "-r",
                                Integer.toString(perSecond),
                                "-cid_str",
                                run + "%u",
                                "-key",
                                "called",
                                called,
                                "-key",
                                "caller",
                                caller,
                                "-nostdin",
                                "-max_invite_retrans",
                                "10",
                                "-trace_err",
                                "-timeout",
                                patienceSeconds + "s",
                                "-timeout_error"));
        settings.forEach((name, value) -> command.addAll(List.of("-set", name, value)));
        return command;
    }

    private static String bracketed(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static String errors(Path folder, int exit, Path output) throws IOException {
        StringBuilder errors = new StringBuilder("exit " + exit + "\n");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith("_errors.log")) {
                    errors.append(text(file));
                }
            }
        }
        if (errors.length() < 20) {
            String all = text(output);
            errors.append(all, Math.max(0, all.length() - 2000), all.length());
        }
        return errors.toString();
    }

    /** sipp quotes what it did not understand, octet by octet: it need not be UTF-8. */
    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
