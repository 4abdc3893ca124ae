package org.consentgateway.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.settings.GatewayConfig;

/** What {@code gateway serve} starts once the configuration is right. */
@FunctionalInterface
public interface Serving {
    /**
     * Starts to serve; when it returns, calls are taken.
     *
     * @param again reads the file once more
     * @throws Exception where it cannot start; the message goes to the operator, without a trace
     */
    Running start(GatewayConfig config, Source again) throws Exception;

    /** Where the configuration stands. */
    @FunctionalInterface
    interface Source {
        /**
         * Reads it again.
         *
         * @param mixed what would be in force of it beside a gateway that runs
         * @throws WrongConfiguration with all that is wrong with it, or with that mixture
         */
        GatewayConfig read(UnaryOperator<GatewayConfig> mixed) throws WrongConfiguration;

        /** Empty where there is none to show. */
        default Optional<Path> file() {
            return Optional.empty();
        }
    }

    /** A gateway that takes calls. */
    interface Running extends AutoCloseable {
        /** Takes no new calls and returns when those under way have ended, or their time is up. */
        void drain() throws InterruptedException;

        /** Reads the configuration again; returns when that counts, or was refused. */
        void reload();

        @Override
        void close();
    }
}
