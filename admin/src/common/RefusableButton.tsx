import { Button, Tooltip, type ButtonProps } from '@mui/material';

export interface RefusableButtonProps extends Omit<ButtonProps, 'disabled'> {
  /** A sentence why this cannot be done now: the button shows it instead of hiding. */
  disabledBecause?: string | undefined;
}

/** A button that says why it cannot be pressed. */
export const RefusableButton = ({ disabledBecause, sx, ...button }: RefusableButtonProps) => (
  <Tooltip title={disabledBecause ?? ''}>
    {/* A disabled button has no events of its own; the span keeps the reason reachable, by keyboard too. */}
    <span tabIndex={disabledBecause ? 0 : undefined}>
      <Button
        size="small"
        {...button}
        disabled={disabledBecause !== undefined}
        sx={[{ whiteSpace: 'nowrap' }, ...(Array.isArray(sx) ? sx : [sx])]}
      />
    </span>
  </Tooltip>
);
