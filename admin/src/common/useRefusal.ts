import { usePermissions } from 'react-admin';

/** Why the viewer may not do this; undefined when they may. For `disabledBecause`. */
export function useRefusal(capability: string): string | undefined {
  const { permissions, isPending } = usePermissions<readonly string[]>();
  if (isPending) return 'One moment: your rights are being read.';
  return permissions?.includes(capability) ? undefined : 'Your role in this community does not allow this.';
}
