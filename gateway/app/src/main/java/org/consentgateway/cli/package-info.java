/** The command line: one class per command. */
@NullMarked
package org.consentgateway.cli;

import org.jspecify.annotations.NullMarked;
