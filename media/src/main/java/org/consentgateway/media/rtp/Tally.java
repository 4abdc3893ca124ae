package org.consentgateway.media.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter as cheap as a field: opaque access is a plain move on every machine we run on, and
 * never tears or stays unseen. Confined to one writer, readable by all threads.
 */
public final class Tally {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Tally.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings({"unused", "FieldMayBeFinal"}) // Only touched through the VarHandle.
    private long value;

    public void one() {
        add(1);
    }

    public void add(long more) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + more);
    }

    public void set(long now) {
        VALUE.setOpaque(this, now);
    }

    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
