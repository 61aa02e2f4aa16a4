/**
 * The networks that look at faces: landmarks, identity and style level, small convolutional
 * networks that this project trains itself on procedural faces, and the training loop, the
 * augmentation and the measurements that go with them. Everything runs in fp32 on DJL's PyTorch.
 */
package daumier.faces.nets;
