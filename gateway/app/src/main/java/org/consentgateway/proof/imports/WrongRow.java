package org.consentgateway.proof.imports;

/**
 * Immutable. What is wrong with a row.
 *
 * @param row from 1 on
 * @param right what would be right; names nobody
 */
public record WrongRow(int row, String field, String right) {}
