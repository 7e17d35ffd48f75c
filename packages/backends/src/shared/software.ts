/** Whether the name of a graphics device is that of a program which draws on the CPU. */
export function isSoftware(device: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(device);
}
