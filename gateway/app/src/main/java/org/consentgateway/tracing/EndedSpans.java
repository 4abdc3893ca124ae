package org.consentgateway.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;

/** Confined to the thread that makes spans. Keeps them until they are taken. */
final class EndedSpans implements SpanProcessor {
    private List<SpanData> ended = new ArrayList<>();

    /** Those since the last time. */
    List<SpanData> take() {
        List<SpanData> taken = ended;
        ended = new ArrayList<>();
        return taken;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        ended.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
