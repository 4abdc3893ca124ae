package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks for a gateway's metrics twice a second, to see how long that takes. Thread-safe. */
final class Metrics implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BETWEEN_MILLIS = 500;
    private static final Pattern HEAP =
            Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\"[^}]*} ([0-9.eE+]+)$");
    private static final Pattern TRANSACTIONS =
            Pattern.compile("(?m)^consent_sip_transactions(?:\\{[^}]*})? ([0-9.eE+]+)$");

    private final Optional<URI> where;
    private final List<Long> millis = new ArrayList<>();
    private int silent;
    private double heap;
    private double transactions;
    private volatile boolean over;
    private final Thread asking;

    private Metrics(Optional<URI> where) {
        this.where = where;
        this.asking = Thread.ofPlatform().daemon().name("metrics").unstarted(this::ask);
    }

    /** Asks from now on, where it was told of whom. */
    static Metrics of(Target target) {
        Metrics metrics = new Metrics(target.metrics());
        if (target.metrics().isPresent()) {
            metrics.asking.start();
        }
        return metrics;
    }

    private void ask() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(where.orElseThrow()).timeout(PATIENCE).build();
            while (!over) {
                long start = System.nanoTime();
                try {
                    String text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
                    heard((System.nanoTime() - start) / 1_000_000, text);
                } catch (IOException none) {
                    silence();
                }
                Thread.sleep(BETWEEN_MILLIS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void heard(long took, String text) {
        millis.add(took);
        heap = Math.max(heap, sum(HEAP, text));
        transactions = Math.max(transactions, sum(TRANSACTIONS, text));
    }

    private static double sum(Pattern gauge, String text) {
        double sum = 0;
        for (Matcher each = gauge.matcher(text); each.find(); ) {
            sum += Double.parseDouble(each.group(1));
        }
        return sum;
    }

    private synchronized void silence() {
        silent++;
    }

    /** Nothing where nobody was asked. */
    synchronized void report(PrintStream out) {
        List<Long> sorted = millis.stream().sorted().toList();
        if (sorted.isEmpty()) {
            where.ifPresent(url -> out.println("metrics: no answer from " + url));
            return;
        }
        out.printf(
                "metrics: %d answers, median %d ms, slowest %d ms, %d not answered; at most %.0f MB"
                        + " of heap and %.0f transactions%n",
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.getLast(),
                silent,
                heap / 1_000_000,
                transactions);
    }

    @Override
    public void close() {
        over = true;
        asking.interrupt();
    }
}
