package org.consentgateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Thread-safe. The registry behind {@link CallMeters}, {@link Totals} and {@link Gauges};
 * Prometheus reads it with {@link #scrape}.
 */
public final class Meters implements AutoCloseable {
    /** Far above what bounded labels can make of the meters there are. */
    private static final int MAX_CACHED = 10_000;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Labels labels;
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final Map<Series, Object> series = new ConcurrentHashMap<>();

    /** The registry itself holds what it reads only weakly. */
    private final Map<Series, List<LongSupplier>> totals = new ConcurrentHashMap<>();

    private record Series(Meter meter, Object tags) {}

    public Meters() {
        Counter folded = counterOf(Meter.LABELS_FOLDED).register(registry);
        labels = new Labels(folded::increment);
    }

    /** Memory, collector, threads, processor, file descriptors of this process. */
    public Meters withProcess() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collector.bindTo(registry);
        return this;
    }

    /**
     * All meters as Prometheus reads them.
     *
     * @param accepted the Accept header; decides between the Prometheus and the OpenMetrics form
     */
    public Scrape scrape(String accepted) {
        boolean open = accepted.contains("application/openmetrics-text");
        String type =
                open
                        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                        : "text/plain; version=0.0.4; charset=utf-8";
        return new Scrape(type, registry.scrape(type));
    }

    /**
     * @param contentType the media type the text is in
     */
    public record Scrape(String contentType, String text) {}

    /** Once more. */
    public void count(Meter meter, Object... values) {
        counter(meter, values).increment();
    }

    Counter counter(Meter meter, Object... values) {
        return cached(
                meter,
                values,
                Counter.class,
                () -> counterOf(meter).tags(labels.of(meter, values)).register(registry));
    }

    /** Many at once. */
    public void add(Meter meter, long amount, Object... values) {
        counter(meter, values).increment((double) amount);
    }

    /**
     * A counter of what somebody else counts. Those that share a series are added up: two who count
     * the same, or values that became {@link Labels#OTHER}.
     */
    void total(Meter meter, LongSupplier count, Object... values) {
        Tags tags = labels.of(meter, values);
        totals.computeIfAbsent(new Series(meter, tags), _ -> total(meter, tags)).add(count);
    }

    private List<LongSupplier> total(Meter meter, Tags tags) {
        var counts = new CopyOnWriteArrayList<LongSupplier>();
        FunctionCounter.builder(meter.name, counts, Meters::sum)
                .description(meter.help)
                .tags(tags)
                .register(registry);
        return counts;
    }

    private static double sum(List<LongSupplier> counts) {
        return counts.stream().mapToLong(LongSupplier::getAsLong).sum();
    }

    private static Counter.Builder counterOf(Meter meter) {
        return Counter.builder(meter.name).description(meter.help);
    }

    /**
     * @param buckets upper bounds
     */
    Timer timer(Meter meter, Duration[] buckets, Object... values) {
        return cached(
                meter,
                values,
                Timer.class,
                () ->
                        Timer.builder(meter.name)
                                .description(meter.help)
                                .serviceLevelObjectives(buckets)
                                .tags(labels.of(meter, values))
                                .register(registry));
    }

    /**
     * @param buckets upper bounds
     */
    DistributionSummary summary(Meter meter, double[] buckets, Object... values) {
        return cached(
                meter,
                values,
                DistributionSummary.class,
                () ->
                        DistributionSummary.builder(meter.name)
                                .description(meter.help)
                                .serviceLevelObjectives(buckets)
                                .tags(labels.of(meter, values))
                                .register(registry));
    }

    /**
     * @param unit empty where things are counted
     * @return takes it away again
     */
    Runnable gauge(Meter meter, String unit, DoubleSupplier value, Object... values) {
        Gauge gauge =
                Gauge.builder(meter.name, value::getAsDouble)
                        .description(meter.help)
                        .baseUnit(unit.isEmpty() ? null : unit)
                        .tags(labels.ofGauge(meter, values))
                        .register(registry);
        return () -> registry.remove(gauge);
    }

    /**
     * Looks a series up by what the caller gave, before the labels are bounded: so a value is
     * folded once and not once per call. Bounded itself, for values that are always new.
     */
    private <T> T cached(Meter meter, Object[] values, Class<T> type, Supplier<T> create) {
        Series key = new Series(meter, Arrays.asList(values));
        Object known = series.get(key);
        if (known == null) {
            known = create.get();
            if (series.size() < MAX_CACHED) {
                series.put(key, known);
            }
        }
        return type.cast(known);
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
