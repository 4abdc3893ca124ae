package org.consentgateway.testkit.timing;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Repeats a test as long as it fails on a machine that stalls. Thread-safe. */
public final class Measurements implements TestTemplateInvocationContextProvider {
    /** Of one test. */
    public static final int MOST = 10;

    /** Two thirds of an RTP packet's time: what is lost to such a pause may show in a result. */
    static final Duration STALL = Duration.ofMillis(12);

    /** So long nothing stalls before a test is repeated, if that comes soon enough. */
    static final Duration QUIET = Duration.ofMillis(300);

    static final Duration MOST_WAITED = Duration.ofSeconds(3);

    private final Stalls stalls;
    private final LongSupplier nanos;

    /** For JUnit. */
    public Measurements() {
        this(Stalls.WATCHED, System::nanoTime);
    }

    Measurements(Stalls stalls, LongSupplier nanos) {
        this.stalls = stalls;
        this.nanos = nanos;
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        Course course = new Course();
        // One is asked for only when the one before is over.
        return Stream.iterate(1, course::goesOn, number -> number + 1).map(course::measurement);
    }

    /** The measurements of one test. Confined to the thread that runs it. */
    private final class Course implements BeforeEachCallback, TestExecutionExceptionHandler {
        private int number;
        private boolean begins;
        private long begun;

        /** Why it is measured again. */
        private @Nullable Throwable failed;

        /**
         * Whether there is a measurement of this number. Who selects single ones, as Surefire does
         * to run one again, is given all until theirs comes.
         */
        boolean goesOn(int next) {
            if (begins || next == 1) {
                return next == 1 || failed != null;
            }
            if (failed != null) {
                throw new AssertionError(
                        "failed on a machine that stalled, and the next measurement is not"
                                + " selected",
                        failed);
            }
            return next <= MOST;
        }

        TestTemplateInvocationContext measurement(int which) {
            number = which;
            begins = false;
            Extension self = this;
            return new TestTemplateInvocationContext() {
                @Override
                public String getDisplayName(int index) {
                    return "measurement " + which;
                }

                @Override
                public List<Extension> getAdditionalExtensions() {
                    return List.of(self);
                }
            };
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            stalls.watchOn();
            if (number > 1) {
                stalls.awaitQuiet(QUIET, MOST_WAITED);
            }
            begins = true;
            failed = null;
            begun = nanos.getAsLong();
        }

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
                throws Throwable {
            Duration stalled = stalls.longestSince(begun);
            if (number == MOST
                    || stalled.compareTo(STALL) < 0
                    || thrown instanceof TestAbortedException) {
                throw thrown;
            }
            failed = thrown;
            context.publishReportEntry(
                    "measured again",
                    "the machine stalled for " + stalled.toMillis() + " ms: " + thrown);
        }
    }
}
