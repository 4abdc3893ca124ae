package org.consentgateway.testkit.fuzz;

import java.util.List;

/** A place where octets of others come in. Confined to one thread. */
public interface Door extends AutoCloseable {
    /** Inputs that are right, or were once; the first that are tried. */
    List<byte[]> seeds();

    /** What is put in here and there; at most some dozens. */
    default List<String> words() {
        return List.of();
    }

    /** Octets of an input at most. */
    default int longest() {
        return 4096;
    }

    /**
     * Takes one input, and returns when all that it causes has been done.
     *
     * @throws Exception whatever it throws is a fault: what this door may say of a wrong input is
     *     caught in here
     */
    void takes(byte[] input) throws Exception;

    @Override
    default void close() {}
}
