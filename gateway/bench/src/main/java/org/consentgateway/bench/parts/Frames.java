package org.consentgateway.bench.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Immutable. A recording as text: threads, what is on top of the stacks, what is anywhere in them.
 */
final class Frames {
    private static final int LINES = 25;

    private final Map<String, Integer> threads = new TreeMap<>();
    private final Map<String, Integer> tops = new TreeMap<>();
    private final Map<String, Integer> anywhere = new TreeMap<>();
    private final Map<String, Integer> allocated = new TreeMap<>();
    private int samples;

    private Frames() {}

    static String of(Path recording) throws IOException {
        var frames = new Frames();
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                frames.add(file.readEvent());
            }
        }
        return frames.text();
    }

    private void add(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        if (stack == null || stack.getFrames().isEmpty()) {
            return;
        }
        switch (event.getEventType().getName()) {
            case "jdk.CPUTimeSample" -> sampled(event, stack);
            case "jdk.ObjectAllocationSample" ->
                    allocated.merge(
                            ours(stack), (int) (event.getLong("weight") / 1024), Integer::sum);
            default -> {
                // not asked for
            }
        }
    }

    private void sampled(RecordedEvent event, RecordedStackTrace stack) {
        String top = name(stack.getFrames().getFirst());
        samples++;
        var thread = event.getThread();
        String of = thread == null || thread.getJavaName() == null ? "?" : thread.getJavaName();
        threads.merge(of.replaceAll("[0-9a-f-]{8,}|\\d+", "N"), 1, Integer::sum);
        tops.merge(top, 1, Integer::sum);
        Set<String> names = new LinkedHashSet<>();
        stack.getFrames().forEach(frame -> names.add(name(frame)));
        names.forEach(name -> anywhere.merge(name, 1, Integer::sum));
    }

    /** The highest frame that is ours; else the highest. */
    private static String ours(RecordedStackTrace stack) {
        return stack.getFrames().stream()
                .map(Frames::name)
                .filter(name -> name.startsWith("org.consentgateway"))
                .findFirst()
                .orElse(name(stack.getFrames().getFirst()));
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private String text() {
        return samples
                + " samples of CPU time in Java threads (JEP 509), system calls included\n"
                + table("Threads", threads, samples)
                + table("On top", tops, samples)
                + table("Anywhere in the stack, ours", only(anywhere), samples)
                + table("Allocation by our highest frame", allocated, total(allocated));
    }

    private static Map<String, Integer> only(Map<String, Integer> all) {
        Map<String, Integer> ours = new TreeMap<>(all);
        ours.keySet().removeIf(name -> !name.startsWith("org.consentgateway"));
        return ours;
    }

    private static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String table(String title, Map<String, Integer> counts, int of) {
        var text = new StringBuilder("\n").append(title).append('\n');
        List<Map.Entry<String, Integer>> rows =
                counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .limit(LINES)
                        .toList();
        for (Map.Entry<String, Integer> row : rows) {
            double share = 100.0 * row.getValue() / Math.max(1, of);
            String bar = "#".repeat((int) Math.round(share / 2));
            text.append(
                    String.format(Locale.ROOT, "%6.1f %%  %-90s %s%n", share, row.getKey(), bar));
        }
        return text.toString();
    }
}
