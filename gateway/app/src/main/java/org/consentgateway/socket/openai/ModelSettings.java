package org.consentgateway.socket.openai;

/**
 * Immutable. What a model is to be.
 *
 * @param model its name; that of a Realtime model stands in the address
 * @param voice empty: its own choice
 * @param instructions what it is to do
 */
public record ModelSettings(String model, String voice, String instructions) {}
